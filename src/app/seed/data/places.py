"""Suburbs of Melbourne with their real postal codes, by region, and invented streets."""

from dataclasses import dataclass

STATE = "VIC"


@dataclass(frozen=True, slots=True)
class Suburb:
    name: str
    postcode: str


def _region(suburbs: str) -> tuple[Suburb, ...]:
    pairs = (each.rsplit(" ", 1) for each in " ".join(suburbs.split()).split(", "))
    return tuple(Suburb(name, postcode) for name, postcode in pairs)


# Suburbs within about 10 km of each other. Each region has ten, so that a patient who moves to
# another clinic changes in nothing but the address.
REGIONS: dict[str, tuple[Suburb, ...]] = {
    "inner north": _region("""
        Carlton 3053, Brunswick 3056, Fitzroy 3065, Collingwood 3066, Northcote 3070,
        Clifton Hill 3068, Parkville 3052, North Melbourne 3051, Brunswick East 3057,
        Carlton North 3054"""),
    "north": _region("""
        Thornbury 3071, Preston 3072, Reservoir 3073, Coburg 3058, Pascoe Vale 3044,
        Thomastown 3074, Glenroy 3046, Hadfield 3046, Fairfield 3078, Brunswick West 3055"""),
    "north-west": _region("""
        Essendon 3040, Moonee Ponds 3039, Ascot Vale 3032, Flemington 3031, Kensington 3031,
        Airport West 3042, Niddrie 3042, Strathmore 3041, Keilor East 3033,
        Avondale Heights 3034"""),
    "west": _region("""
        Footscray 3011, Yarraville 3013, Newport 3015, Williamstown 3016, Sunshine 3020,
        St Albans 3021, Altona 3018, Braybrook 3019, Seddon 3011, Deer Park 3023"""),
    "north-east": _region("""
        Heidelberg 3084, Rosanna 3084, Ivanhoe 3079, Macleod 3085, Watsonia 3087, Bundoora 3083,
        Greensborough 3088, Montmorency 3094, Eltham 3095, Mill Park 3082"""),
    "inner east": _region("""
        Richmond 3121, Abbotsford 3067, Kew 3101, Hawthorn 3122, Camberwell 3124, Balwyn 3103,
        Canterbury 3126, Glen Iris 3146, Ashburton 3147, Malvern 3144"""),
    "east": _region("""
        Box Hill 3128, Doncaster 3108, Blackburn 3130, Surrey Hills 3127, Burwood 3125,
        Nunawading 3131, Mitcham 3132, Templestowe 3106, Vermont 3133, Balwyn North 3104"""),
    "south-east": _region("""
        Glen Waverley 3150, Mount Waverley 3149, Oakleigh 3166, Clayton 3168, Mulgrave 3170,
        Springvale 3171, Noble Park 3174, Dandenong 3175, Rowville 3178, Chadstone 3148"""),
    "inner south": _region("""
        Port Melbourne 3207, South Melbourne 3205, Albert Park 3206, St Kilda 3182, Elwood 3184,
        Prahran 3181, South Yarra 3141, Elsternwick 3185, Caulfield North 3161, Armadale 3143"""),
    "bayside": _region("""
        Brighton 3186, Sandringham 3191, Hampton 3188, Black Rock 3193, Cheltenham 3192,
        Mentone 3194, Highett 3190, Beaumaris 3193, Moorabbin 3189, Bentleigh 3204"""),
    "peninsula": _region("""
        Frankston 3199, Frankston South 3199, Seaford 3198, Carrum 3197, Patterson Lakes 3197,
        Chelsea 3196, Edithvale 3196, Bonbeach 3196, Mordialloc 3195, Aspendale 3195"""),
    "ranges": _region("""
        Boronia 3155, Ferntree Gully 3156, Bayswater 3153, Ringwood 3134, Heathmont 3135,
        Croydon 3136, Kilsyth 3137, Mooroolbark 3138, Lilydale 3140, Knoxfield 3180"""),
}
SUBURBS: tuple[Suburb, ...] = tuple(suburb for region in REGIONS.values() for suburb in region)

STREETS: tuple[str, ...] = (
    "Wattle Street",
    "Banksia Avenue",
    "Station Street",
    "Church Street",
    "Railway Parade",
    "Victoria Street",
    "Albert Street",
    "High Street",
    "Park Street",
    "Grevillea Court",
    "Acacia Road",
    "Bluegum Drive",
    "Ironbark Crescent",
    "Melaleuca Lane",
    "Waratah Avenue",
    "Boronia Grove",
    "Correa Court",
    "Hakea Street",
    "Jacaranda Avenue",
    "Elm Grove",
    "Oak Street",
    "Plane Tree Way",
    "Cypress Avenue",
    "Magnolia Court",
    "Rosella Street",
    "Magpie Lane",
    "Lorikeet Drive",
    "Kookaburra Court",
    "Currawong Road",
    "Lyrebird Close",
    "Mill Street",
    "Quarry Road",
    "Foundry Lane",
    "Orchard Grove",
    "Vineyard Road",
    "Garden Street",
    "Creek Road",
    "River Street",
    "Hillside Avenue",
    "Valley View Road",
    "Ridge Street",
    "Myrtle Street",
    "Birch Avenue",
    "Hazel Grove",
    "Lilac Street",
    "Maple Street",
    "School Lane",
    "Chapel Street",
    "Rectory Place",
    "Market Street",
    "Union Street",
    "Federation Drive",
    "Pioneer Road",
    "Princes Avenue",
    "Queens Parade",
    "Wellington Street",
    "Gladstone Street",
    "Napier Street",
    "Raglan Street",
    "Alma Road",
)

"""Rules for patients."""

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain

from seeded_data.seeded_set import SeededSet, folded, full_name, named, repeated

# The two ranges of Victoria that ACMA keeps for works of fiction, of 10,000 numbers each.
FICTITIOUS_PHONE = re.compile(r"\+61 3 (7010|5550) [0-9]{4}")
NUMBERS_IN_A_RANGE = 10_000
# And the ends of the mobile numbers that it lists.
MOBILE_ENDS = """
    0006 0156 0157 0158 0159 0110 0313 0737 1266 1491 1804 2549 2665 2983 3770 3087 4118 4632 5254
    5789 6398 6801 7426 7644 8957 8148 8888 9212 9760 9455
"""
FICTITIOUS_MOBILES = {f"+61 491 57{end[0]} {end[1:]}" for end in MOBILE_ENDS.split()}
VICTORIAN_POSTAL_CODE = re.compile(r"3[0-9]{3}")
COUNTRY = "AU"
# "Melbourne" is absent: the city is 3000, its St Kilda Road end 3004.
SUBURBS = """
    3002 East Melbourne; 3003 West Melbourne; 3006 Southbank, South Wharf; 3008 Docklands; 3011
    Footscray, Seddon; 3012 West Footscray, Kingsville, Maidstone; 3013 Yarraville; 3015
    Newport, Spotswood, South Kingsville; 3016 Williamstown, Williamstown North; 3018 Altona,
    Seaholme; 3019 Braybrook; 3020 Sunshine, Sunshine North, Sunshine West, Albion; 3021 St
    Albans, Kings Park; 3023 Deer Park, Caroline Springs; 3025 Altona North; 3029 Hoppers
    Crossing, Tarneit; 3030 Werribee, Point Cook; 3031 Flemington, Kensington; 3032 Ascot Vale,
    Maribyrnong, Travancore; 3033 Keilor East; 3034 Avondale Heights; 3039 Moonee Ponds; 3040
    Essendon, Essendon West, Aberfeldie; 3041 Essendon North, Strathmore; 3042 Airport West,
    Niddrie, Keilor Park; 3043 Tullamarine, Gladstone Park; 3044 Pascoe Vale, Pascoe Vale South;
    3046 Glenroy, Hadfield, Oak Park; 3047 Broadmeadows, Dallas; 3051 North Melbourne; 3052
    Parkville; 3053 Carlton; 3054 Carlton North, Princes Hill; 3055 Brunswick West; 3056
    Brunswick; 3057 Brunswick East; 3058 Coburg, Coburg North; 3064 Craigieburn; 3065 Fitzroy;
    3066 Collingwood; 3067 Abbotsford; 3068 Clifton Hill, Fitzroy North; 3070 Northcote; 3071
    Thornbury; 3072 Preston; 3073 Reservoir; 3074 Thomastown; 3075 Lalor; 3076 Epping; 3078
    Alphington, Fairfield; 3079 Ivanhoe, Ivanhoe East; 3081 Heidelberg Heights, Heidelberg West;
    3082 Mill Park; 3083 Bundoora, Kingsbury; 3084 Heidelberg, Rosanna, Eaglemont, Viewbank;
    3085 Macleod; 3087 Watsonia; 3088 Greensborough, Briar Hill, St Helena; 3093 Lower Plenty;
    3094 Montmorency; 3095 Eltham, Eltham North, Research; 3101 Kew; 3102 Kew East; 3103 Balwyn,
    Deepdene; 3104 Balwyn North; 3105 Bulleen; 3106 Templestowe; 3107 Templestowe Lower; 3108
    Doncaster; 3109 Doncaster East; 3111 Donvale; 3113 Warrandyte; 3121 Richmond, Burnley,
    Cremorne; 3122 Hawthorn; 3123 Hawthorn East; 3124 Camberwell; 3125 Burwood; 3126 Canterbury;
    3127 Surrey Hills, Mont Albert; 3128 Box Hill, Box Hill South; 3129 Box Hill North, Mont
    Albert North; 3130 Blackburn, Blackburn North, Blackburn South; 3131 Nunawading, Forest
    Hill; 3132 Mitcham; 3133 Vermont, Vermont South; 3134 Ringwood, Ringwood North, Warranwood;
    3135 Heathmont, Ringwood East; 3136 Croydon, Croydon North; 3137 Kilsyth; 3138 Mooroolbark;
    3140 Lilydale; 3141 South Yarra; 3142 Toorak; 3143 Armadale; 3144 Malvern, Kooyong; 3145
    Malvern East, Caulfield East; 3146 Glen Iris; 3147 Ashburton, Ashwood; 3148 Chadstone; 3149
    Mount Waverley; 3150 Glen Waverley, Wheelers Hill; 3151 Burwood East; 3152 Wantirna,
    Wantirna South; 3153 Bayswater, Bayswater North; 3155 Boronia; 3156 Ferntree Gully; 3161
    Caulfield North; 3162 Caulfield, Caulfield South; 3163 Carnegie, Glen Huntly, Murrumbeena;
    3165 Bentleigh East; 3166 Oakleigh, Hughesdale, Huntingdale, Oakleigh East; 3167 Oakleigh
    South; 3168 Clayton, Notting Hill; 3169 Clayton South, Clarinda; 3170 Mulgrave; 3171
    Springvale; 3172 Springvale South, Dingley Village; 3173 Keysborough; 3174 Noble Park; 3175
    Dandenong; 3178 Rowville; 3179 Scoresby; 3180 Knoxfield; 3181 Prahran, Windsor; 3182 St
    Kilda, St Kilda West; 3183 St Kilda East, Balaclava; 3184 Elwood; 3185 Elsternwick,
    Gardenvale, Ripponlea; 3186 Brighton; 3187 Brighton East; 3188 Hampton, Hampton East; 3189
    Moorabbin; 3190 Highett; 3191 Sandringham; 3192 Cheltenham; 3193 Beaumaris, Black Rock; 3194
    Mentone; 3195 Mordialloc, Parkdale, Aspendale, Braeside; 3196 Chelsea, Bonbeach, Edithvale;
    3197 Carrum, Patterson Lakes; 3198 Seaford; 3199 Frankston, Frankston South; 3204 Bentleigh,
    McKinnon, Ormond; 3205 South Melbourne; 3206 Albert Park, Middle Park; 3207 Port Melbourne
"""
POSTAL_CODES = {
    suburb.casefold(): entry[:4]
    for entry in " ".join(SUBURBS.split()).split("; ")
    for suburb in entry[5:].split(", ")
}


def patients_are_in_proportion(data: SeededSet) -> Iterator[str]:
    """Patients per practitioner differ by one at most between any two organizations."""
    members = Counter(row["organization_id"] for row in data.rows["members"])
    patients = Counter(row["organization_id"] for row in data.rows["patients"])
    shares = {
        organization["id"]: Fraction(patients[organization["id"]], members[organization["id"]])
        for organization in data.rows["organizations"]
        if members[organization["id"]]
    }
    if shares and max(shares.values()) - min(shares.values()) > 1:
        told = ", ".join(f"{name}: {float(share):.2f}" for name, share in shares.items())
        yield f"organizations have too different numbers of patients per practitioner ({told})"


def patients_live_in_australia(data: SeededSet) -> Iterator[str]:
    """A patient's country is AU."""
    for patient in data.rows["patients"]:
        if patient["country"] != COUNTRY:
            yield f"{named('patients', patient)}: country is {patient['country']!r}"


def postal_codes_fit_their_city(data: SeededSet) -> Iterator[str]:
    """A postal code is the one of its suburb, and a suburb has only one in the set."""
    seen: dict[str, str] = {}
    for patient in data.rows["patients"]:
        city, postal_code = folded(patient["city"]), patient["postal_code"]
        expected = POSTAL_CODES.get(city, seen.setdefault(city, postal_code))
        if postal_code != expected or not VICTORIAN_POSTAL_CODE.fullmatch(postal_code):
            yield f"{named('patients', patient)}: {postal_code!r} is not of {patient['city']!r}"


def _numbers(data: SeededSet) -> dict[str, list[tuple[str, str]]]:
    """Return the phone numbers of each kind of person, each with its row."""
    users, patients = data.rows["users"], data.rows["patients"]
    return {
        "users": [
            (named("users", user), phone["number"])
            for user in users
            for phone in user["phone_numbers"]
        ],
        "patients": [(named("patients", patient), patient["phone"]) for patient in patients],
        "contacts": [
            (f"{named('patients', patient)} contact {contact['name']!r}", contact["phone"])
            for patient in patients
            for contact in patient["emergency_contacts"]
        ],
    }


def phones_are_fictitious(data: SeededSet) -> Iterator[str]:
    """Every phone number is of a range that is reserved for fiction."""
    for name, number in chain.from_iterable(_numbers(data).values()):
        if not FICTITIOUS_PHONE.fullmatch(number) and number not in FICTITIOUS_MOBILES:
            yield f"{name}: {number!r} is not of a range reserved for fiction"


def phones_are_distinct(data: SeededSet) -> Iterator[str]:
    """Numbers of users, of patients and of contacts are unique while a range lasts for them."""
    for named_numbers in _numbers(data).values():
        mobiles = [each for each in named_numbers if each[1] in FICTITIOUS_MOBILES]
        landlines = [each for each in named_numbers if each[1] not in FICTITIOUS_MOBILES]
        if len(named_numbers) <= len(FICTITIOUS_MOBILES):
            yield from repeated(mobiles)
        if len(named_numbers) <= NUMBERS_IN_A_RANGE:
            yield from repeated(landlines)


def contacts_are_other_people(data: SeededSet) -> Iterator[str]:
    """An emergency contact has neither the patient's name nor the patient's number."""
    for patient in data.rows["patients"]:
        for contact in patient["emergency_contacts"]:
            if folded(contact["name"]) == full_name(patient):
                yield f"{named('patients', patient)}: is their own emergency contact"
            if contact["phone"] == patient["phone"]:
                yield f"{named('patients', patient)}: shares the number of {contact['name']!r}"

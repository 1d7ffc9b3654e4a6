"""Specializations of practitioners."""

SPECIALIZATIONS: tuple[str, ...] = (
    "Musculoskeletal physiotherapy",
    "Sports physiotherapy",
    "Neurological physiotherapy",
    "Cardiorespiratory physiotherapy",
    "Women's health",
    "Men's health",
    "Continence and pelvic floor",
    "Gerontology and falls prevention",
    "Vestibular rehabilitation",
    "Hand and upper limb therapy",
    "Orthopaedic rehabilitation",
    "Occupational health",
    "Pain management",
    "Headache and jaw disorders",
    "Spinal manual therapy",
    "Clinical Pilates",
    "Hydrotherapy",
    "Dry needling",
    "Lymphoedema management",
    "Cancer rehabilitation",
)

"""Medical history, insurers, referrals and notes of patients."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MedicalCondition:
    """Ages are the patient's, in years, both ends included.

    A patient has at most one condition of a group.
    """

    name: str
    medication: str | None
    ages: tuple[int, int]
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Surgery:
    """Ages are those at the time of the surgery, in years, both ends included."""

    name: str
    ages: tuple[int, int]


MEDICAL_CONDITIONS: tuple[MedicalCondition, ...] = (
    MedicalCondition("Asthma", "Budesonide/formoterol 200/6 micrograms twice daily", (18, 95)),
    MedicalCondition("Allergic rhinitis", "Cetirizine 10 mg daily", (18, 95)),
    MedicalCondition("Eczema", "Hydrocortisone 1% cream as needed", (18, 95)),
    MedicalCondition("Coeliac disease", None, (18, 95)),
    MedicalCondition("Migraine", "Sumatriptan 50 mg as needed", (18, 60)),
    MedicalCondition("Anxiety disorder", "Escitalopram 10 mg daily", (18, 80), "mood"),
    MedicalCondition("Depression", "Sertraline 50 mg daily", (18, 95), "mood"),
    MedicalCondition("Irritable bowel syndrome", None, (18, 70)),
    MedicalCondition("Generalised joint hypermobility", None, (18, 45)),
    MedicalCondition("Type 1 diabetes", "Insulin glargine 20 units daily", (18, 70), "diabetes"),
    MedicalCondition("Epilepsy", "Levetiracetam 500 mg twice daily", (18, 85)),
    MedicalCondition("Iron deficiency", "Ferrous sulfate 325 mg daily", (18, 95)),
    MedicalCondition("Hypothyroidism", "Levothyroxine 75 micrograms daily", (25, 95)),
    MedicalCondition("Reflux disease", "Esomeprazole 20 mg daily", (25, 95)),
    MedicalCondition("Rheumatoid arthritis", "Methotrexate 15 mg weekly", (35, 85)),
    MedicalCondition("Obstructive sleep apnoea", None, (35, 85)),
    MedicalCondition("Hypertension", "Perindopril 4 mg daily", (38, 95)),
    MedicalCondition("Type 2 diabetes", "Metformin 500 mg twice daily", (40, 95), "diabetes"),
    MedicalCondition("Hypercholesterolaemia", "Atorvastatin 20 mg daily", (40, 95)),
    MedicalCondition("Gout", "Allopurinol 300 mg daily", (45, 95)),
    MedicalCondition("Coronary heart disease", "Aspirin 100 mg daily", (55, 95), "blood"),
    MedicalCondition("Osteoporosis", "Alendronate 70 mg weekly", (60, 95)),
    MedicalCondition("Atrial fibrillation", "Apixaban 5 mg twice daily", (60, 95), "blood"),
    MedicalCondition("Glaucoma", "Latanoprost 0.005% eye drops at night", (55, 95)),
    MedicalCondition("Mild hearing loss", None, (60, 95)),
)

# Those that only come with a plan that treats what they left behind.
TREATED_ILLNESSES: tuple[MedicalCondition, ...] = (
    MedicalCondition("Ischaemic stroke", "Clopidogrel 75 mg daily", (50, 95), "blood"),
    MedicalCondition(
        "Parkinson's disease", "Levodopa/carbidopa 100/25 mg three times daily", (55, 95)
    ),
)

SURGERIES: tuple[Surgery, ...] = (
    Surgery("Tonsillectomy", (5, 25)),
    Surgery("Adenoidectomy", (5, 12)),
    Surgery("Appendicectomy", (8, 60)),
    Surgery("Internal fixation of a forearm fracture", (6, 16)),
    Surgery("Strabismus correction", (5, 14)),
    Surgery("Wisdom tooth extraction", (16, 35)),
    Surgery("Septoplasty", (18, 50)),
    Surgery("Internal fixation of a clavicle fracture", (16, 50)),
    Surgery("Knee arthroscopy", (18, 60)),
    Surgery("Shoulder stabilisation", (18, 35)),
    Surgery("Internal fixation of an ankle fracture", (18, 70)),
    Surgery("Cholecystectomy", (30, 75)),
    Surgery("Inguinal hernia repair", (25, 80)),
    Surgery("Varicose vein surgery", (35, 70)),
    Surgery("Carpal tunnel release", (35, 75)),
    Surgery("Lumbar microdiscectomy", (30, 65)),
    Surgery("Bunion correction", (35, 70)),
    Surgery("Skin cancer excision", (40, 88)),
    Surgery("Cataract surgery", (60, 88)),
    Surgery("Pacemaker implantation", (65, 90)),
)

ALLERGIES: tuple[str, ...] = (
    "Penicillin",
    "Sulfonamide antibiotics",
    "Cefalexin",
    "Codeine",
    "Iodinated contrast",
    "Latex",
    "Adhesive tape",
    "Nickel",
    "Chlorhexidine",
    "Bee stings",
    "Peanuts",
    "Shellfish",
    "Grass pollen",
    "House dust mites",
    "Cat dander",
)

INSURERS: tuple[str, ...] = (
    "Bluegum Health Fund",
    "Lyrebird Mutual Health",
    "Saltbush Health Cover",
    "Harbourlight Health Insurance",
    "Tidewater Health Fund",
    "Ironbark Health Cover",
    "Currawong Health Fund",
    "Silverleaf Mutual",
    "Great Divide Health",
    "Mallee & Coast Health Fund",
    "Quandong Health Cover",
    "Boobook Health Insurance",
)

REFERRAL_SOURCES: tuple[str, ...] = (
    "GP referral",
    "Specialist referral",
    "Hospital discharge",
    "Self-referral",
    "Sports club",
    "Allied health referral",
    "Friend or family",
    "Online search",
)

PATIENT_NOTES: tuple[str, ...] = (
    "Prefers morning appointments.",
    "Prefers to be contacted in writing.",
    "Appreciates a reminder before each appointment.",
    "Would like exercises in writing.",
    "Likes exercise videos for the home programme.",
    "Arrives by public transport.",
    "Prefers to pay by card.",
    "Asks for a quiet treatment room.",
    "Happy to see any practitioner of the clinic.",
    "Can come at short notice when another patient cancels.",
    "Asks for a receipt after each session.",
    "Consented to reports being shared with the GP.",
    "Prefers a firm pillow when lying down.",
    "Keeps an exercise diary.",
    "Has light exercise equipment at home.",
    "Sensitive to cold packs; use heat instead.",
    "Prefers to have each technique explained beforehand.",
    "Would rather not have dry needling.",
    "Open to telehealth follow-ups.",
    "Consented to student observers.",
)

PLAN_NOTES: dict[str, tuple[str, ...]] = {
    "planned": (
        "Initial assessment to be confirmed with the patient.",
        "Goals to be agreed at the first session.",
        "Session dates to be arranged with the patient.",
        "Patient asked to bring earlier reports and imaging.",
        "Starting measures to be taken at the first session.",
    ),
    "ongoing": (
        "Goals agreed with the patient at the first session.",
        "Home programme explained and handed over in writing.",
        "Exercises advanced as tolerated.",
        "Progress to be reviewed with the patient halfway through the plan.",
        "Patient motivated; family supportive.",
    ),
    "completed": (
        "Goals reached; discharged with a home programme.",
        "All sessions attended; patient satisfied with the result.",
        "Final measures recorded; no further sessions needed.",
        "Main goal reached; advised to keep exercising independently.",
        "Plan completed; patient to get in touch if problems recur.",
    ),
    "paused": (
        "Paused at the patient's request; to resume by arrangement.",
        "On hold while another problem takes priority.",
        "Paused to limit the number of visits a week.",
        "On hold pending a review by the treating doctor.",
        "Paused by agreement; home programme continues.",
    ),
    "cancelled": (
        "Cancelled by the patient for personal reasons.",
        "Replaced by another plan after reassessment.",
        "Cancelled at the patient's request before the last sessions.",
        "Cancelled on the treating doctor's advice.",
        "Patient chose a different course of treatment.",
    ),
}

COVERAGE: dict[str, tuple[str, ...]] = {
    "planned": (
        "not_required",
        "not_provided",
        "to_verify",
        "awaiting_agreement",
        "covered",
        "partially_covered",
    ),
    "ongoing": (
        "not_required",
        "not_provided",
        "to_verify",
        "awaiting_agreement",
        "covered",
        "partially_covered",
        "refused",
    ),
    "completed": ("not_required", "covered", "partially_covered", "refused", "expired"),
    "paused": ("not_required", "to_verify", "covered", "partially_covered", "refused", "expired"),
    "cancelled": ("not_required", "not_provided", "refused", "expired", "cancelled"),
}

COVERAGE_NOTES: dict[str, str | None] = {
    "not_required": "Paid privately; no claim is made.",
    "not_provided": None,
    "to_verify": "Extent of cover to be checked with the insurer.",
    "awaiting_agreement": "Request for cover sent; the insurer's answer is outstanding.",
    "covered": "All sessions of this plan are approved by the insurer.",
    "partially_covered": "The insurer pays part of each session; the patient pays the gap.",
    "refused": "The insurer declined the request; sessions are at the patient's own cost.",
    "expired": "The insurer's approval has run out.",
    "cancelled": "Approval withdrawn when the plan was cancelled.",
}

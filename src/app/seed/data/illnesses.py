"""Conditions of patients' medical histories, with medications that fit."""

from app.seed.data.illness import MedicalCondition, only
from app.seed.data.illness import one_of as one
from app.seed.randomness import Weighted

# Percentages by age, rounded, from the National Health Survey 2022 (Australian Bureau of
# Statistics: asthma 11 %, hay fever 24 %, anxiety and depression, migraine, high cholesterol); from
# the Australian Institute of Health and Welfare (diabetes, heart disease, atrial fibrillation,
# rheumatoid arthritis 2 %, osteoporosis); and from Epilepsy Australia (epilepsy about 1 %). Files
# of a physiotherapist name fewer conditions than a survey, so mild ones are lower. Type 2 diabetes
# is about nine times as common as type 1. Doses are usual (Australian Medicines Handbook).
# fmt: off
MEDICAL_CONDITIONS: tuple[MedicalCondition, ...] = (
    MedicalCondition(
        "Asthma", (10, 10.5, 11, 11, 8),
        one(
            (6, ("Budesonide/formoterol 200/6 micrograms twice daily",)),
            (3, ("Salbutamol 100 micrograms inhaled as needed",)),
        ),
        ("Salbutamol 100 micrograms inhaled as needed",), women=0.57, group="airways",
    ),
    MedicalCondition(
        "Chronic obstructive pulmonary disease", (0, 0, 1.5, 5, 6),
        only("Tiotropium 18 micrograms inhaled daily"), women=0.48, youngest=45, group="airways",
    ),
    MedicalCondition(
        "Allergic rhinitis", (9, 13, 13, 9, 5), only("Cetirizine 10 mg daily"),
        ("Cetirizine 5 mg daily",), women=0.56,
    ),
    MedicalCondition(
        "Eczema", (8, 4, 3, 2.5, 2.5), only("Hydrocortisone 1% cream as needed"),
        ("Hydrocortisone 1% cream as needed",), women=0.55,
    ),
    MedicalCondition("Coeliac disease", (0.9, 1.2, 1.4, 1, 0.8), women=0.62),
    MedicalCondition(
        "Migraine", (2, 8, 7, 2, 0.5),
        one(
            (7, ("Sumatriptan 50 mg as needed",)),
            (3, ("Paracetamol 1 g as needed",)),
        ),
        ("Ibuprofen 200 mg as needed",), women=0.7, youngest=10,
    ),
    MedicalCondition(
        "Anxiety disorder", (4, 13, 11, 7, 5), only("Escitalopram 10 mg daily"),
        women=0.62, youngest=8, group="mood",
    ),
    MedicalCondition(
        "Depression", (1.5, 9, 10, 8, 8),
        one(
            (6, ("Sertraline 50 mg daily",)),
            (3, ("Mirtazapine 15 mg at night",)),
        ),
        women=0.6, youngest=12, group="mood",
    ),
    MedicalCondition(
        "Attention deficit hyperactivity disorder", (6, 3, 0.8, 0, 0),
        only("Lisdexamfetamine 50 mg in the morning"),
        ("Methylphenidate 18 mg modified release in the morning",), women=0.32, youngest=6,
    ),
    MedicalCondition("Autism spectrum disorder", (4, 1, 0.1, 0, 0), women=0.27),
    MedicalCondition("Irritable bowel syndrome", (0.5, 5, 5, 3, 2), women=0.68, youngest=12),
    MedicalCondition(
        "Endometriosis", (0, 5, 3, 0, 0), only("Dienogest 2 mg daily"), women=1, youngest=18,
    ),
    MedicalCondition(
        "Type 1 diabetes", (0.4, 0.6, 0.85, 0.7, 0.5),
        only("Insulin glargine 20 units daily", "Insulin aspart with meals"),
        ("Insulin glargine 12 units daily", "Insulin aspart with meals"),
        women=0.46, group="diabetes",
    ),
    MedicalCondition(
        "Type 2 diabetes", (0, 0.6, 6, 15, 17),
        one(
            (6, ("Metformin 500 mg twice daily",)),
            (3, ("Metformin 1 g twice daily", "Empagliflozin 10 mg daily")),
        ),
        women=0.45, youngest=25, group="diabetes",
    ),
    MedicalCondition(
        "Epilepsy", (0.9, 1, 1, 1.1, 1.2),
        one(
            (5, ("Levetiracetam 500 mg twice daily",)),
            (3, ("Lamotrigine 100 mg twice daily",)),
        ),
        ("Levetiracetam 250 mg twice daily",),
    ),
    MedicalCondition(
        "Iron deficiency", (1.5, 6, 4, 2.5, 4), only("Ferrous sulfate 325 mg daily"),
        ("Ferrous sulfate oral liquid daily",), women=0.86, youngest=10,
    ),
    MedicalCondition(
        "Hypothyroidism", (0.1, 1.5, 4.5, 7, 8), only("Levothyroxine 75 micrograms daily"),
        ("Levothyroxine 50 micrograms daily",), women=0.83,
    ),
    MedicalCondition(
        "Reflux disease", (0.2, 4, 10, 15, 16),
        one(
            (5, ("Esomeprazole 20 mg daily",)),
            (4, ("Pantoprazole 40 mg daily",)),
            (1, ("Omeprazole 20 mg daily",)),
        ),
        ("Omeprazole 10 mg daily",), women=0.53,
    ),
    MedicalCondition(
        "Rheumatoid arthritis", (0, 0.5, 2, 3.5, 3.5),
        only("Methotrexate 15 mg weekly", "Folic acid 5 mg weekly"), women=0.7, youngest=25,
    ),
    MedicalCondition("Obstructive sleep apnoea", (0, 1.5, 6, 8, 6), women=0.33, youngest=25),
    MedicalCondition(
        "Hypertension", (0, 1.5, 15, 38, 48),
        one(
            (5, ("Perindopril 4 mg daily",)),
            (4, ("Telmisartan 40 mg daily",)),
            (3, ("Amlodipine 5 mg daily",)),
        ),
        women=0.51, youngest=28,
    ),
    MedicalCondition(
        "Hypercholesterolaemia", (0, 1, 11, 23, 22),
        one(
            (5, ("Atorvastatin 20 mg daily",)),
            (4, ("Rosuvastatin 10 mg daily",)),
        ),
        women=0.48, youngest=30,
    ),
    MedicalCondition(
        "Gout", (0, 0.4, 3.5, 7, 8), only("Allopurinol 300 mg daily"), women=0.17, youngest=30,
    ),
    MedicalCondition(
        "Benign prostatic hyperplasia", (0, 0, 1.5, 9, 13), only("Tamsulosin 0.4 mg daily"),
        women=0, youngest=50,
    ),
    MedicalCondition(
        "Coronary heart disease", (0, 0, 2.5, 9, 14),
        only("Aspirin 100 mg daily", "Atorvastatin 40 mg daily"),
        women=0.36, youngest=42, group="blood",
    ),
    MedicalCondition(
        "Atrial fibrillation", (0, 0, 1.2, 6, 13), only("Apixaban 5 mg twice daily"),
        women=0.45, youngest=45, group="blood",
    ),
    MedicalCondition(
        "Osteoporosis", (0, 0, 2, 10, 19),
        one(
            (5, ("Denosumab 60 mg every six months",)),
            (4, ("Alendronate 70 mg weekly",)),
        ),
        women=0.79, youngest=50,
    ),
    MedicalCondition(
        "Sick sinus syndrome", (0, 0, 0.1, 1, 3.5), women=0.5, youngest=55, group="pacemaker",
        surgery="Pacemaker implantation",
    ),
    MedicalCondition(
        "Complete heart block", (0, 0, 0.1, 0.7, 2.5), women=0.42, youngest=55,
        group="pacemaker", surgery="Pacemaker implantation",
    ),
    MedicalCondition(
        "Glaucoma", (0, 0, 1, 4.5, 8), only("Latanoprost 0.005% eye drops at night"),
        youngest=45,
    ),
    MedicalCondition("Mild hearing loss", (0.5, 0.4, 3, 14, 30), women=0.42),
)

# Those that only come with a plan that treats what they left behind.
TREATED_ILLNESSES: tuple[MedicalCondition, ...] = (
    MedicalCondition(
        "Ischaemic stroke", (0, 0, 0, 0, 0),
        only("Clopidogrel 75 mg daily", "Atorvastatin 40 mg daily"), group="blood",
    ),
    MedicalCondition(
        "Parkinson's disease", (0, 0, 0, 0, 0),
        only("Levodopa/carbidopa 100/25 mg three times daily"),
    ),
    MedicalCondition(
        "Juvenile idiopathic arthritis", (0, 0, 0, 0, 0),
        treatment_of_children=("Methotrexate 10 mg weekly", "Folic acid 5 mg weekly"),
    ),
    MedicalCondition("Cerebral palsy", (0, 0, 0, 0, 0)),
    MedicalCondition(
        "Cystic fibrosis", (0, 0, 0, 0, 0),
        treatment_of_children=(
            "Elexacaftor/tezacaftor/ivacaftor as prescribed",
            "Pancreatic enzymes with meals",
        ),
    ),
)

# What the NDIS pays for; children have them from birth or early in life.
DISABILITIES: Weighted[MedicalCondition] = Weighted(
    (
        (
            MedicalCondition(
                "Multiple sclerosis", (0, 0, 0, 0, 0),
                only("Ocrelizumab infusion every six months"), women=0.75,
            ),
            4,
        ),
        (MedicalCondition("Acquired brain injury", (0, 0, 0, 0, 0)), 4),
        (
            MedicalCondition(
                "Incomplete spinal cord injury", (0, 0, 0, 0, 0),
                only("Baclofen 10 mg three times daily"),
            ),
            3,
        ),
        (MedicalCondition("Cerebral palsy", (0, 0, 0, 0, 0)), 2),
        (MedicalCondition("Muscular dystrophy", (0, 0, 0, 0, 0)), 1),
    )
)
DISABILITIES_OF_CHILDREN: Weighted[MedicalCondition] = Weighted(
    (
        (MedicalCondition("Autism spectrum disorder", (0, 0, 0, 0, 0)), 6),
        (MedicalCondition("Cerebral palsy", (0, 0, 0, 0, 0)), 2),
        (MedicalCondition("Down syndrome", (0, 0, 0, 0, 0)), 1),
        (MedicalCondition("Global developmental delay", (0, 0, 0, 0, 0)), 2),
    )
)

# What must not be taken with what, or with which condition (Australian Medicines Handbook): a
# treatment with the second is replaced if the patient has the first.
CONTRAINDICATIONS: tuple[tuple[str, str], ...] = (
    ("Clopidogrel", "Omeprazole"),
    ("Clopidogrel", "Esomeprazole"),
    ("Reflux disease", "Alendronate"),
    ("Coronary heart disease", "Sumatriptan"),
    ("Ischaemic stroke", "Sumatriptan"),
)

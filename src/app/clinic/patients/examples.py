"""The examples of patients; see `app.auth.examples`."""

from app.auth.examples import A_DAY, ADA, CLINIC_ID

PATIENT_ID = "00000003-958a-8784-97b9-13335eaf86eb"

PATIENT = {
    "id": PATIENT_ID,
    "organizationId": CLINIC_ID,
    "firstName": "Cillian",
    "lastName": "Christodoulou",
    "dateOfBirth": "1947-04-20",
    "gender": "male",
    "email": "cillian.christodoulou@example.org",
    "phone": "+61 3 5550 2592",
    "address": "39 Bluegum Drive",
    "city": "Box Hill",
    "postalCode": "3128",
    "country": "AU",
    "emergencyContacts": [
        {"name": "Maeve Christodoulou", "relationship": "Cousin", "phone": "+61 3 7010 8544"}
    ],
    "medicalConditions": ["Epilepsy"],
    "surgeries": [],
    "allergies": [],
    "medications": ["Levetiracetam 500 mg twice daily"],
    "insuranceProvider": "Bluegum Health Fund",
    "insuranceNumber": "57476393",
    "referralSource": "Self-referral",
    "status": "active",
    "notes": "Consented to student observers.",
    "createdAt": A_DAY,
    "updatedAt": A_DAY,
    "deletedAt": None,
}
NEW_PATIENT = {
    "firstName": "Ada",
    "lastName": "Example",
    "dateOfBirth": "1980-02-29",
    "email": ADA,
    "phone": "+61 3 5550 1234",
    "emergencyContacts": [
        {"name": "Byron Example", "relationship": "Sibling", "phone": "+61 3 5550 4321"}
    ],
    "allergies": ["Latex"],
}
REPLACEMENT = {
    "firstName": "Cillian",
    "lastName": "Christodoulou",
    "dateOfBirth": "1947-04-20",
    "phone": "+61 3 5550 1234",
    "medicalConditions": ["Epilepsy"],
}
CHANGES = {"city": "Geelong", "postalCode": "3220", "notes": "Prefers afternoons."}

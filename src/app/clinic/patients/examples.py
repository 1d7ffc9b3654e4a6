"""The examples of patients; see `app.auth.examples`."""

from app.auth.examples import A_DAY, ADA, CLINIC_ID

PATIENT_ID = "00000003-958a-8784-97b9-13335eaf86eb"

PATIENT = {
    "id": PATIENT_ID,
    "organizationId": CLINIC_ID,
    "firstName": "Aisha",
    "lastName": "Byrne",
    "dateOfBirth": "2001-04-21",
    "gender": "female",
    "email": "aisha.byrne@example.org",
    "phone": "+61 491 570 156",
    "address": "74 Banksia Avenue, Frankston South VIC 3199",
    "city": "Frankston South",
    "postalCode": "3199",
    "country": "AU",
    "emergencyContacts": [
        {"name": "Heather Byrne", "relationship": "Parent", "phone": "+61 3 7010 8544"},
        {"name": "Megan Byrne", "relationship": "Sibling", "phone": "+61 3 5550 8857"},
    ],
    "medicalConditions": ["Coeliac disease", "Allergic rhinitis"],
    "surgeries": ["Caesarean section (2023)"],
    "allergies": [],
    "medications": ["Cetirizine 10 mg daily"],
    "insuranceProvider": "WorkCover (WorkSafe Victoria)",
    "insuranceNumber": "WC 19618801",
    "referralSource": "Friend or family",
    "status": "active",
    "notes": "Appreciates a reminder before each appointment.",
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
    "firstName": "Aisha",
    "lastName": "Byrne",
    "dateOfBirth": "2001-04-21",
    "phone": "+61 3 5550 1234",
    "medicalConditions": ["Coeliac disease"],
}
CHANGES = {"city": "Geelong", "postalCode": "3220", "notes": "Prefers afternoons."}

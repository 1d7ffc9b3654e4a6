"""The examples of the identity API in the OpenAPI document.

They work for the user of `SIGN_IN` in a new default data set. They are literals because this
package does not know the seed; `tests/clinic/test_examples.py` compares them with seeded rows.
"""

SIGN_IN = {"email": "edward.papadopoulos@example.com", "password": "Password123"}
ADA = "ada@example.com"
# Stands for an id from an earlier response.
SOME_ID = "00000000-0000-0000-0000-000000000000"
A_DAY, A_WEEK_LATER = "2026-11-23T09:30:00Z", "2026-11-30T09:30:00Z"
TOKEN = "Wn5tUyPbQ0…"  # noqa: S105 - too short to be a token

CLINIC_ID = "00000000-91e2-8723-a6c3-606adbf80bcb"
CLINIC_SLUG = "peninsula-rehabilitation-clinic"
OTHER_CLINIC_ID = "00000001-91e2-8723-a6c3-606adbf80bcb"
USER_ID = "00000000-d8b3-8f92-8029-9114d5088609"
ACCOUNT_ID = "00000000-b411-8d63-adca-0c34bdbd67c8"
OTHER_OWNER_ID = "00000001-d8b3-8f92-8029-9114d5088609"
OTHER_OWNER_EMAIL = "hemi.warsame@example.com"
COLLEAGUE_ID = "00000003-d8b3-8f92-8029-9114d5088609"
COLLEAGUE_EMAIL = "osman.llewellyn@example.com"
COLLEAGUE_MEMBER_ID = "00000003-968b-8495-800e-9ab14c4fadd8"
# Seeded values other than ids.
SEEDED = (*SIGN_IN.values(), CLINIC_SLUG, COLLEAGUE_EMAIL)

USER = {
    "id": USER_ID,
    "name": "Edward Papadopoulos",
    "email": SIGN_IN["email"],
    "emailVerified": True,
    "image": None,
    "createdAt": A_DAY,
    "updatedAt": A_DAY,
    "firstName": "Edward",
    "lastName": "Papadopoulos",
    "licenseNumber": "PHY0003866383",
    "specialization": ["Pain management", "Cancer rehabilitation"],
    "phoneNumbers": [{"number": "+61 3 5550 4523", "category": "work"}],
}
NEW_USER = {
    "id": "5d0a7c1e-3b64-4f2d-9c8b-7e15a2d4f603",
    "name": "Ada Example",
    "email": ADA,
    "emailVerified": False,
    "image": None,
    "createdAt": A_DAY,
    "updatedAt": A_DAY,
    "firstName": None,
    "lastName": None,
    "licenseNumber": None,
    "specialization": [],
    "phoneNumbers": [],
}
ACCOUNT = {
    "id": ACCOUNT_ID,
    "accountId": USER_ID,
    "providerId": "credential",
    "userId": USER_ID,
    "createdAt": A_DAY,
    "updatedAt": A_DAY,
    "scopes": [],
}
SESSION = {
    "id": "c2b8f5d1-6a3e-4d97-8f40-1b9e7a6c5d32",
    "userId": USER_ID,
    "token": TOKEN,
    "expiresAt": A_WEEK_LATER,
    "createdAt": A_DAY,
    "updatedAt": A_DAY,
    "ipAddress": "127.0.0.1",
    "userAgent": "Mozilla/5.0",
    "activeOrganizationId": CLINIC_ID,
}
CLINIC = {
    "id": CLINIC_ID,
    "name": "Peninsula Rehabilitation Clinic",
    "slug": CLINIC_SLUG,
    "logo": None,
    "createdAt": A_DAY,
    "metadata": None,
}
NEW_CLINIC = {
    "name": "Harbour Physiotherapy",
    "slug": "harbour-physiotherapy",
    "metadata": {"city": "Melbourne"},
}
NEW_CLINIC_ID = "e7f4b0a9-2c5d-4b18-a6f3-0d8c9e1b7a54"
CLINIC_CHANGES = {"name": "Peninsula Sports Clinic", "metadata": {"city": "Frankston"}}
OWNER = {
    "id": "00000000-968b-8495-800e-9ab14c4fadd8",
    "organizationId": CLINIC_ID,
    "userId": USER_ID,
    "role": "owner",
    "createdAt": A_DAY,
}
OWNER_WITH_USER = {
    **OWNER,
    "user": {
        "id": USER_ID,
        "name": "Edward Papadopoulos",
        "email": SIGN_IN["email"],
        "image": None,
    },
}
COLLEAGUE = {
    "id": COLLEAGUE_MEMBER_ID,
    "organizationId": CLINIC_ID,
    "userId": COLLEAGUE_ID,
    "role": "admin",
    "createdAt": A_DAY,
}
COLLEAGUE_WITH_USER = {
    **COLLEAGUE,
    "user": {
        "id": COLLEAGUE_ID,
        "name": "Osman Llewellyn",
        "email": COLLEAGUE_EMAIL,
        "image": None,
    },
}
SENT_INVITATION = {
    "id": "3f6c0d52-8b1a-4e7f-9d24-6c5b4a3f2e18",
    "organizationId": CLINIC_ID,
    "email": ADA,
    "role": "member",
    "status": "pending",
    "inviterId": USER_ID,
    "expiresAt": A_WEEK_LATER,
    "createdAt": A_DAY,
}
RECEIVED_INVITATION = {
    **SENT_INVITATION,
    "id": "9a1e5c7d-4f2b-4c63-b8e0-5d7f3a2c1b96",
    "organizationId": OTHER_CLINIC_ID,
    "email": SIGN_IN["email"],
    "inviterId": OTHER_OWNER_ID,
}
DONE = {"status": True}
CREATED_CLINIC = {
    **NEW_CLINIC,
    "id": NEW_CLINIC_ID,
    "logo": None,
    "createdAt": A_DAY,
    "members": [
        {**OWNER, "id": "b4d92e6f-1a7c-4835-9e0d-8f2c6b5a4d71", "organizationId": NEW_CLINIC_ID}
    ],
}
NEW_MEMBER = {
    "id": "d6c3a8f2-7e5b-4190-8d4f-2b1a9c0e6f37",
    "organizationId": OTHER_CLINIC_ID,
    "userId": USER_ID,
    "role": "member",
    "createdAt": A_DAY,
}
ONE_CLINIC = {"organizationId": CLINIC_ID}
ONE_INVITATION = {"invitationId": SOME_ID}
NAMED_INVITATION = {**RECEIVED_INVITATION, "organizationName": "Boulevard Injury Clinic"}

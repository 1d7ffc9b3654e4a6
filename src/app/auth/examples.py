"""The examples of the identity endpoints; see `app.clinic.examples`."""

from collections.abc import Mapping
from typing import Any

SIGN_IN = {"email": "edward.papadopoulos@example.com", "password": "Password123"}
ADA = "ada@example.com"
# Stands for one that only an earlier answer can tell.
SOME_ID = "00000000-0000-0000-0000-000000000000"
A_DAY, A_WEEK_LATER = "2026-11-23T09:30:00Z", "2026-11-30T09:30:00Z"
TOKEN = "Wn5tUyPbQ0…"  # noqa: S105 - no token: too short for one, and so of no use

CLINIC_ID = "00000000-91e2-8723-a6c3-606adbf80bcb"
_CLINIC_SLUG = "peninsula-rehabilitation-clinic"
_OTHER_CLINIC_ID = "00000001-91e2-8723-a6c3-606adbf80bcb"
USER_ID = "00000000-d8b3-8f92-8029-9114d5088609"
_ACCOUNT_ID = "00000000-b411-8d63-adca-0c34bdbd67c8"
_OTHER_OWNER_ID = "00000001-d8b3-8f92-8029-9114d5088609"
_OTHER_OWNER_EMAIL = "hemi.warsame@example.com"
COLLEAGUE_ID = "00000003-d8b3-8f92-8029-9114d5088609"
_COLLEAGUE_EMAIL = "osman.llewellyn@example.com"
_COLLEAGUE_MEMBER_ID = "00000003-968b-8495-800e-9ab14c4fadd8"
# What the seed makes besides ids.
SEEDED = (*SIGN_IN.values(), _CLINIC_SLUG, _COLLEAGUE_EMAIL)

_USER = {
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
_NEW_USER = {
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
_ACCOUNT = {
    "id": _ACCOUNT_ID,
    "accountId": USER_ID,
    "providerId": "credential",
    "userId": USER_ID,
    "createdAt": A_DAY,
    "updatedAt": A_DAY,
    "scopes": [],
}
_SESSION = {
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
_CLINIC = {
    "id": CLINIC_ID,
    "name": "Peninsula Rehabilitation Clinic",
    "slug": _CLINIC_SLUG,
    "logo": None,
    "createdAt": A_DAY,
    "metadata": None,
}
_NEW_CLINIC = {
    "name": "Harbour Physiotherapy",
    "slug": "harbour-physiotherapy",
    "metadata": {"city": "Melbourne"},
}
_NEW_CLINIC_ID = "e7f4b0a9-2c5d-4b18-a6f3-0d8c9e1b7a54"
_CHANGES = {"name": "Peninsula Sports Clinic", "metadata": {"city": "Frankston"}}
_OWNER = {
    "id": "00000000-968b-8495-800e-9ab14c4fadd8",
    "organizationId": CLINIC_ID,
    "userId": USER_ID,
    "role": "owner",
    "createdAt": A_DAY,
}
_OWNER_WITH_USER = {
    **_OWNER,
    "user": {
        "id": USER_ID,
        "name": "Edward Papadopoulos",
        "email": SIGN_IN["email"],
        "image": None,
    },
}
_COLLEAGUE = {
    "id": _COLLEAGUE_MEMBER_ID,
    "organizationId": CLINIC_ID,
    "userId": COLLEAGUE_ID,
    "role": "admin",
    "createdAt": A_DAY,
}
_COLLEAGUE_WITH_USER = {
    **_COLLEAGUE,
    "user": {
        "id": COLLEAGUE_ID,
        "name": "Osman Llewellyn",
        "email": _COLLEAGUE_EMAIL,
        "image": None,
    },
}
_SENT = {
    "id": "3f6c0d52-8b1a-4e7f-9d24-6c5b4a3f2e18",
    "organizationId": CLINIC_ID,
    "email": ADA,
    "role": "member",
    "status": "pending",
    "inviterId": USER_ID,
    "expiresAt": A_WEEK_LATER,
    "createdAt": A_DAY,
}
_RECEIVED = {
    **_SENT,
    "id": "9a1e5c7d-4f2b-4c63-b8e0-5d7f3a2c1b96",
    "organizationId": _OTHER_CLINIC_ID,
    "email": SIGN_IN["email"],
    "inviterId": _OTHER_OWNER_ID,
}

REQUESTS: Mapping[str, Mapping[str, Any]] = {
    "signUp": {"name": "Ada Example", "email": ADA, "password": "a long passphrase"},
    "signIn": SIGN_IN,
    "updateUser": {"phoneNumbers": [{"number": "+61 3 5550 1234", "category": "mobile"}]},
    "changePassword": {
        "currentPassword": SIGN_IN["password"],
        "newPassword": "a long passphrase",
        "revokeOtherSessions": True,
    },
    "verifyPassword": {"password": SIGN_IN["password"]},
    "revokeSession": {"token": TOKEN},
    "createOrganization": _NEW_CLINIC,
    "checkSlug": {"slug": "yarra-physiotherapy"},
    "setActiveOrganization": {"organizationSlug": _CLINIC_SLUG},
    "updateOrganization": {"data": _CHANGES},
    "deleteOrganization": {"organizationId": CLINIC_ID},
    "hasPermission": {"permissions": {"member": ["update"], "invitation": ["create"]}},
    "updateMemberRole": {"memberId": _COLLEAGUE_MEMBER_ID, "role": "owner"},
    "removeMember": {"memberIdOrEmail": _COLLEAGUE_EMAIL},
    "leaveOrganization": {"organizationId": CLINIC_ID},
    "inviteMember": {"email": ADA, "role": "member"},
    "acceptInvitation": {"invitationId": SOME_ID},
    "rejectInvitation": {"invitationId": SOME_ID},
    "cancelInvitation": {"invitationId": SOME_ID},
}
_DONE = {"status": True}
ANSWERS: Mapping[str, Any] = {
    "signUp": {"token": TOKEN, "user": _NEW_USER},
    "signIn": {"token": TOKEN, "user": _USER, "redirect": False},
    "signOut": {"success": True},
    "updateUser": _DONE,
    "changePassword": {"token": TOKEN, "user": _USER},
    "verifyPassword": _DONE,
    "listAccounts": [_ACCOUNT],
    "checkIdentityApi": {"ok": True},
    "getSession": {"session": _SESSION, "user": _USER},
    "listSessions": [_SESSION],
    "revokeSession": _DONE,
    "revokeSessions": _DONE,
    "revokeOtherSessions": _DONE,
    "createOrganization": {
        **_NEW_CLINIC,
        "id": _NEW_CLINIC_ID,
        "logo": None,
        "createdAt": A_DAY,
        "members": [
            {
                **_OWNER,
                "id": "b4d92e6f-1a7c-4835-9e0d-8f2c6b5a4d71",
                "organizationId": _NEW_CLINIC_ID,
            }
        ],
    },
    "checkSlug": _DONE,
    "listOrganizations": [_CLINIC],
    "setActiveOrganization": _CLINIC,
    "getOrganization": _CLINIC,
    "getFullOrganization": {
        **_CLINIC,
        "members": [_OWNER_WITH_USER, _COLLEAGUE_WITH_USER],
        "invitations": [_SENT],
    },
    "updateOrganization": {**_CLINIC, **_CHANGES},
    "deleteOrganization": _CLINIC,
    "hasPermission": {"success": True, "error": None},
    "listMembers": {"members": [_OWNER_WITH_USER, _COLLEAGUE_WITH_USER], "total": 4},
    "getActiveMember": _OWNER_WITH_USER,
    "getActiveMemberRole": {"role": "owner"},
    "updateMemberRole": {**_COLLEAGUE, "role": "owner"},
    "removeMember": {"member": _COLLEAGUE_WITH_USER},
    "leaveOrganization": _OWNER_WITH_USER,
    "inviteMember": _SENT,
    "listInvitations": [_SENT],
    "listUserInvitations": [{**_RECEIVED, "organizationName": "Boulevard Injury Clinic"}],
    "getInvitation": {
        **_RECEIVED,
        "organizationName": "Boulevard Injury Clinic",
        "organizationSlug": "boulevard-injury-clinic",
        "inviterEmail": _OTHER_OWNER_EMAIL,
    },
    "acceptInvitation": {
        "invitation": {**_RECEIVED, "status": "accepted"},
        "member": {
            "id": "d6c3a8f2-7e5b-4190-8d4f-2b1a9c0e6f37",
            "organizationId": _OTHER_CLINIC_ID,
            "userId": USER_ID,
            "role": "member",
            "createdAt": A_DAY,
        },
    },
    "rejectInvitation": {"invitation": {**_RECEIVED, "status": "rejected"}, "member": None},
    "cancelInvitation": {**_SENT, "status": "canceled"},
}

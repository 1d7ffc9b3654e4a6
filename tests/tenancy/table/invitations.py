"""Routes about invitations, called by those who were invited too."""

from tenancy.cases import READS, Row, allowed, members, refused, signed_in
from tenancy.table.organizations import BY_ID

INVITES = allowed("invitations")
ACCEPTS_OR_REJECTS = allowed("invitations")
ACCEPTS = allowed("invitations", "members", "practitioners", "sessions")
NO_ACTIVE = refused(400, "NO_ACTIVE_ORGANIZATION")
NO_ORGANIZATION = refused(400, "ORGANIZATION_NOT_FOUND")
NOT_A_MEMBER = refused(400, "MEMBER_NOT_FOUND")
ALREADY_A_MEMBER = refused(400, "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION")
MAY_NOT_INVITE = refused(403, "YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION")
MAY_NOT_INVITE_OWNERS = refused(403, "YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE")
MAY_NOT_LIST = refused(403, "YOU_ARE_NOT_ALLOWED_TO_LIST_INVITATIONS")
MAY_NOT_CANCEL = refused(403, "YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION")
NOT_THE_RECIPIENT = refused(403, "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION")
UNVERIFIED = refused(403, "EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION")

INVITE = "POST /api/auth/organization/invite-member"
LIST = "GET /api/auth/organization/list-invitations"
CANCEL = "POST /api/auth/organization/cancel-invitation"
SOMEBODY = {"email": "nell@example.net", "role": "member"}

INVITING = (
    Row(
        INVITE,
        "by id",
        members(
            others=NOT_A_MEMBER,
            member=MAY_NOT_INVITE,
            admin=INVITES,
            owner=INVITES,
            recipient=NOT_A_MEMBER,
        ),
        body={**SOMEBODY, **BY_ID},
    ),
    Row(
        INVITE,
        "to the active one",
        members(
            others=NO_ORGANIZATION,
            outsider=INVITES,
            member=MAY_NOT_INVITE,
            admin=INVITES,
            owner=INVITES,
        ),
        body=SOMEBODY,
    ),
    Row(
        INVITE,
        "as an owner",
        members(
            others=NOT_A_MEMBER,
            member=MAY_NOT_INVITE,
            admin=MAY_NOT_INVITE_OWNERS,
            owner=INVITES,
        ),
        body={**SOMEBODY, "role": "owner", **BY_ID},
    ),
    Row(
        INVITE,
        "who is a member",
        members(
            others=NOT_A_MEMBER,
            member=MAY_NOT_INVITE,
            admin=ALREADY_A_MEMBER,
            owner=ALREADY_A_MEMBER,
        ),
        body={"email": "{colleague.email}", "role": "member", **BY_ID},
    ),
    Row(
        INVITE,
        "a second time",
        members(
            others=NOT_A_MEMBER,
            member=MAY_NOT_INVITE,
            admin=INVITES,
            owner=INVITES,
            recipient=NOT_A_MEMBER,
        ),
        body={"email": "{recipient.email}", "role": "member", "resend": True, **BY_ID},
    ),
    Row(
        INVITE,
        "a second time who is to be an owner",
        members(
            others=NOT_A_MEMBER,
            member=MAY_NOT_INVITE,
            admin=MAY_NOT_INVITE_OWNERS,
            owner=INVITES,
            unverified=NOT_A_MEMBER,
        ),
        body={"email": "{unverified.email}", "role": "member", "resend": True, **BY_ID},
    ),
    Row(
        INVITE,
        "who is a member elsewhere to the active one",
        members(
            others=NO_ORGANIZATION,
            outsider=INVITES,
            member=MAY_NOT_INVITE,
            admin=ALREADY_A_MEMBER,
            owner=ALREADY_A_MEMBER,
        ),
        body={"email": "{colleague.email}", "role": "member"},
    ),
    Row(
        INVITE,
        "who was invited elsewhere to the active one",
        members(
            others=NO_ORGANIZATION,
            outsider=INVITES,
            member=MAY_NOT_INVITE,
            admin=INVITES,
            owner=INVITES,
        ),
        body={"email": "{recipient.email}", "role": "member", "resend": True},
    ),
)

READING = (
    Row(
        LIST,
        "of the active one",
        members(
            others=NO_ACTIVE,
            outsider=READS,
            member=MAY_NOT_LIST,
            admin=READS,
            owner=READS,
        ),
    ),
    Row(
        LIST,
        "by id",
        members(
            others=refused(403, "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION"),
            member=MAY_NOT_LIST,
            admin=READS,
            owner=READS,
            recipient=refused(403, "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION"),
        ),
        query=BY_ID,
    ),
    Row(
        "GET /api/auth/organization/list-user-invitations",
        "although another is named",
        signed_in(allowed(response=[]), recipient=READS, unverified=UNVERIFIED),
        query={"email": "{recipient.email}", **BY_ID},
    ),
    Row(
        "GET /api/auth/organization/get-invitation",
        "",
        signed_in(NOT_THE_RECIPIENT, recipient=READS, unverified=NOT_THE_RECIPIENT),
        query={"id": "{recipient.invitation}"},
    ),
)

ACCEPTING_OR_REJECTING = (
    Row(
        "POST /api/auth/organization/accept-invitation",
        "",
        signed_in(NOT_THE_RECIPIENT, recipient=ACCEPTS, unverified=NOT_THE_RECIPIENT),
        body={"invitationId": "{recipient.invitation}", "email": "{recipient.email}"},
    ),
    Row(
        "POST /api/auth/organization/reject-invitation",
        "",
        signed_in(NOT_THE_RECIPIENT, recipient=ACCEPTS_OR_REJECTS, unverified=NOT_THE_RECIPIENT),
        body={"invitationId": "{recipient.invitation}", "email": "{recipient.email}"},
    ),
    Row(
        CANCEL,
        "of a member",
        members(
            others=NOT_A_MEMBER,
            member=MAY_NOT_CANCEL,
            admin=ACCEPTS_OR_REJECTS,
            owner=ACCEPTS_OR_REJECTS,
            recipient=NOT_A_MEMBER,
        ),
        body={"invitationId": "{recipient.invitation}", "organizationId": "{mine.id}"},
    ),
    Row(
        CANCEL,
        "of an owner",
        members(
            others=NOT_A_MEMBER,
            member=MAY_NOT_CANCEL,
            admin=MAY_NOT_CANCEL,
            owner=ACCEPTS_OR_REJECTS,
            unverified=NOT_A_MEMBER,
        ),
        body={"invitationId": "{unverified.invitation}"},
    ),
)

INVITATIONS = (*INVITING, *READING, *ACCEPTING_OR_REJECTING)

"""Routes about the members of an organization."""

from tenancy.cases import READS, Outcome, Row, allowed, members, refused, signed_in
from tenancy.table.organizations import BY_BOTH, BY_ID, BY_SLUG

NO_ACTIVE = refused(400, "NO_ACTIVE_ORGANIZATION")
NOT_A_MEMBER = refused(403, "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION")
NOT_FOUND = refused(400, "MEMBER_NOT_FOUND")
MAY_NOT_UPDATE = refused(403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER")
MAY_NOT_REMOVE = refused(403, "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER")
ONLY_OWNER = refused(400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER")
ENDS = allowed("members", "sessions")
ENDS_WITH_HOURS = allowed(*ENDS.writes, "weekly_availability_templates", "availability_exceptions")
CHANGES = allowed("members")


def responses(role: str) -> Outcome:
    return allowed(response={"role": role})


FOR_MEMBERS = members(others=NOT_A_MEMBER, member=READS, admin=READS, owner=READS)
OWN_ROLE = members(
    others=NOT_A_MEMBER,
    member=responses("member"),
    admin=responses("admin"),
    owner=responses("owner"),
)
COLLEAGUES_ROLE = dict.fromkeys(("member", "admin", "owner"), responses("member"))
COLLEAGUE = {"memberId": "{colleague.member_id}"}
OWNER = {"memberId": "{owner.member_id}"}
MYSELF = {"memberId": "{me.member_id}"}

LIST = "GET /api/auth/organization/list-members"
ROLE = "GET /api/auth/organization/get-active-member-role"
UPDATE = "POST /api/auth/organization/update-member-role"
REMOVE = "POST /api/auth/organization/remove-member"

READING = (
    Row(LIST, "of the active one", signed_in(READS, stranger=NO_ACTIVE)),
    Row(LIST, "by id", FOR_MEMBERS, query=BY_ID),
    Row(LIST, "by slug", FOR_MEMBERS, query=BY_SLUG),
    Row(LIST, "by an id of one and a slug of another", FOR_MEMBERS, query=BY_BOTH),
    Row(
        "GET /api/auth/organization/get-active-member",
        "although another is named",
        signed_in(READS, stranger=NO_ACTIVE),
        query={"userId": "{colleague.id}", **BY_ID},
    ),
    Row(
        ROLE,
        "in the active one",
        members(
            others=NO_ACTIVE,
            outsider=responses("owner"),
            member=responses("member"),
            admin=responses("admin"),
            owner=responses("owner"),
        ),
    ),
    Row(ROLE, "by id", OWN_ROLE, query=BY_ID),
    Row(ROLE, "by slug", OWN_ROLE, query=BY_SLUG),
    Row(ROLE, "by an id of one and a slug of another", OWN_ROLE, query=BY_BOTH),
    Row(
        ROLE,
        "of another by id",
        members(others=NOT_A_MEMBER, **COLLEAGUES_ROLE),
        query={"userId": "{colleague.id}", **BY_ID},
    ),
    Row(
        ROLE,
        "of another in the active one",
        members(others=NO_ACTIVE, outsider=NOT_A_MEMBER, **COLLEAGUES_ROLE),
        query={"userId": "{colleague.id}"},
    ),
    Row(
        ROLE,
        "of somebody of both in the active one",
        members(others=NO_ACTIVE, outsider=responses("admin"), **COLLEAGUES_ROLE),
        query={"userId": "{guest.id}"},
    ),
)

UPDATING = (
    Row(
        UPDATE,
        "by id",
        members(others=NOT_FOUND, member=MAY_NOT_UPDATE, admin=CHANGES, owner=CHANGES),
        body={**COLLEAGUE, "role": "admin", **BY_ID},
        concerns=["colleague"],
    ),
    Row(
        UPDATE,
        "in the active one",
        members(
            others=NO_ACTIVE,
            outsider=MAY_NOT_UPDATE,
            member=MAY_NOT_UPDATE,
            admin=CHANGES,
            owner=CHANGES,
        ),
        body={**COLLEAGUE, "role": "admin"},
        concerns=["colleague"],
    ),
    Row(
        UPDATE,
        "of somebody of both in the active one",
        members(
            others=NO_ACTIVE,
            outsider=MAY_NOT_UPDATE,
            member=MAY_NOT_UPDATE,
            admin=CHANGES,
            owner=CHANGES,
        ),
        body={"memberId": "{guest.member_id}", "role": "admin"},
        concerns=["guest"],
    ),
    Row(
        UPDATE,
        "to an owner",
        members(others=NOT_FOUND, member=MAY_NOT_UPDATE, admin=MAY_NOT_UPDATE, owner=CHANGES),
        body={**COLLEAGUE, "role": "owner", **BY_ID},
        concerns=["colleague"],
    ),
    Row(
        UPDATE,
        "of an owner",
        members(
            others=NOT_FOUND,
            member=MAY_NOT_UPDATE,
            admin=MAY_NOT_UPDATE,
            owner=refused(400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER"),
        ),
        body={**OWNER, "role": "member", **BY_ID},
    ),
    Row(
        UPDATE,
        "of oneself",
        members(others=NOT_FOUND, member=MAY_NOT_UPDATE, admin=MAY_NOT_UPDATE, owner=READS),
        body={**MYSELF, "role": "owner", **BY_ID},
    ),
)

REMOVING = (
    *(
        Row(
            REMOVE,
            f"named by {kind}",
            members(
                others=NOT_FOUND,
                member=MAY_NOT_REMOVE,
                admin=ENDS_WITH_HOURS,
                owner=ENDS_WITH_HOURS,
            ),
            body={"memberIdOrEmail": name, **BY_ID},
            concerns=["colleague"],
        )
        for kind, name in (("id", "{colleague.member_id}"), ("address", "{colleague.email}"))
    ),
    *(
        Row(
            REMOVE,
            f"named by {kind} in the active one",
            members(
                others=NO_ACTIVE,
                outsider=NOT_FOUND,
                member=MAY_NOT_REMOVE,
                admin=ENDS_WITH_HOURS,
                owner=ENDS_WITH_HOURS,
            ),
            body={"memberIdOrEmail": name},
            concerns=["colleague"],
        )
        for kind, name in (("id", "{colleague.member_id}"), ("address", "{colleague.email}"))
    ),
    Row(
        REMOVE,
        "of both from the active one",
        members(
            others=NO_ACTIVE, outsider=ENDS, member=MAY_NOT_REMOVE, admin=CHANGES, owner=CHANGES
        ),
        body={"memberIdOrEmail": "{guest.email}"},
        concerns=["guest"],
    ),
    Row(
        REMOVE,
        "who is an owner",
        members(others=NOT_FOUND, member=MAY_NOT_REMOVE, admin=MAY_NOT_REMOVE, owner=ONLY_OWNER),
        body={"memberIdOrEmail": "{owner.member_id}", **BY_ID},
    ),
    Row(
        "POST /api/auth/organization/leave",
        "although another is named",
        members(others=NOT_FOUND, member=ENDS_WITH_HOURS, admin=ENDS_WITH_HOURS, owner=ONLY_OWNER),
        body={**COLLEAGUE, "userId": "{colleague.id}", **BY_ID},
    ),
)

MEMBERS = (*READING, *UPDATING, *REMOVING)

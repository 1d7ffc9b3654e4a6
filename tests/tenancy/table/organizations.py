"""Routes about organizations, called by the active one, by id and by slug."""

from tenancy.cases import READS, Row, allowed, members, refused, signed_in

BY_ID = {"organizationId": "{clinic.id}"}
BY_SLUG = {"organizationSlug": "{clinic.slug}"}
# An outsider names the own organization as well as the attacked one.
BY_BOTH = {"organizationId": "{mine.id}", "organizationSlug": "{clinic.slug}"}
STAFF = ("owner", "admin", "member", "colleague", "guest")

NOT_A_MEMBER = refused(403, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")
NOT_FOUND = refused(400, "ORGANIZATION_NOT_FOUND")
ACTIVATES = allowed("sessions")
NULL = allowed(response=None)
ASKS_FOR_ALL = {"organization": ["delete"], "member": ["delete"]}
ASKS_TO_INVITE = {"invitation": ["create"]}
YES = allowed(response={"success": True, "error": None})
NO = allowed(response={"success": False, "error": None})

READING = tuple(
    row
    for route in (
        "GET /api/auth/organization/get-organization",
        "GET /api/auth/organization/get-full-organization",
    )
    for row in (
        Row(route, "that is active", signed_in(READS, stranger=NULL)),
        Row(
            route,
            "by id",
            members(others=NOT_A_MEMBER, member=READS, admin=READS, owner=READS),
            query=BY_ID,
        ),
        Row(
            route,
            "by slug",
            members(others=NOT_A_MEMBER, member=READS, admin=READS, owner=READS),
            query=BY_SLUG,
        ),
        Row(
            route,
            "by an id of one and a slug of another",
            members(others=NOT_A_MEMBER, member=READS, admin=READS, owner=READS),
            query=BY_BOTH,
        ),
    )
)

ORGANIZATIONS = (
    *READING,
    Row(
        "POST /api/auth/organization/create",
        "with a slug that is free",
        signed_in(allowed("organizations", "members", "practitioners", "sessions")),
        body={"name": "New Clinic", "slug": "new-clinic", "id": "{clinic.id}"},
    ),
    Row(
        "POST /api/auth/organization/create",
        "with a slug that is taken",
        signed_in(refused(400, "ORGANIZATION_ALREADY_EXISTS")),
        body={"name": "New Clinic", "slug": "{clinic.slug}"},
    ),
    Row(
        "POST /api/auth/organization/check-slug",
        "that is free",
        signed_in(READS),
        body={"slug": "new-clinic"},
    ),
    Row(
        "POST /api/auth/organization/check-slug",
        "that is taken",
        signed_in(refused(400, "ORGANIZATION_SLUG_ALREADY_TAKEN")),
        body={"slug": "{clinic.slug}"},
    ),
    Row(
        "GET /api/auth/organization/list",
        "although another is named",
        signed_in(READS, stranger=allowed(response=[])),
        query={"userId": "{colleague.id}", **BY_ID},
    ),
    Row(
        "POST /api/auth/organization/set-active",
        "by id",
        members(others=NOT_A_MEMBER, member=ACTIVATES, admin=ACTIVATES, owner=ACTIVATES),
        body=BY_ID,
    ),
    Row(
        "POST /api/auth/organization/set-active",
        "by slug",
        members(others=NOT_A_MEMBER, member=ACTIVATES, admin=ACTIVATES, owner=ACTIVATES),
        body=BY_SLUG,
    ),
    Row(
        "POST /api/auth/organization/set-active",
        "by an id of one and a slug of another",
        signed_in(ACTIVATES, stranger=NOT_A_MEMBER),
        body=BY_BOTH,
    ),
    Row(
        "POST /api/auth/organization/set-active",
        "to none",
        signed_in(allowed("sessions", response=None)),
        body={"organizationId": None},
    ),
    Row(
        "POST /api/auth/organization/update",
        "that is active",
        signed_in(
            allowed("organizations"),
            stranger=NOT_FOUND,
            member=refused(403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION"),
        ),
        body={"data": {"name": "New Name", "id": "{clinic.id}"}},
    ),
    Row(
        "POST /api/auth/organization/update",
        "by id",
        members(
            others=refused(400, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"),
            member=refused(403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION"),
            admin=allowed("organizations"),
            owner=allowed("organizations"),
        ),
        body={"data": {"name": "New Name"}, **BY_ID},
    ),
    Row(
        "POST /api/auth/organization/update",
        "to a slug that is taken",
        signed_in(
            READS,
            stranger=NOT_FOUND,
            outsider=refused(400, "ORGANIZATION_SLUG_ALREADY_TAKEN"),
            member=refused(403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION"),
        ),
        body={"data": {"slug": "{clinic.slug}"}},
    ),
    Row(
        "POST /api/auth/organization/delete",
        "",
        members(
            others=NOT_A_MEMBER,
            member=refused(403, "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION"),
            admin=refused(403, "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION"),
            owner=allowed(
                "organizations",
                "members",
                "practitioners",
                "invitations",
                "sessions",
                "weekly_availability_templates",
                "availability_exceptions",
                "patients",
                "patient_words",
                "treatment_plans",
                "rooms",
                "appointment_types",
                "appointments",
            ),
        ),
        body=BY_ID,
        concerns=STAFF,
    ),
    Row(
        "POST /api/auth/organization/has-permission",
        "of all kinds by id",
        members(
            others=refused(401, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"),
            member=NO,
            admin=NO,
            owner=YES,
        ),
        body={"permissions": ASKS_FOR_ALL, **BY_ID},
    ),
    Row(
        "POST /api/auth/organization/has-permission",
        "to invite in the active one",
        members(
            others=refused(400, "NO_ACTIVE_ORGANIZATION"),
            outsider=YES,
            member=NO,
            admin=YES,
            owner=YES,
        ),
        body={"permissions": ASKS_TO_INVITE},
    ),
)

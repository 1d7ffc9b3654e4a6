"""The rules of a seeded data set, checked on nothing but its rows.

Shares no code with the application: what the seeders get wrong, their own audit may get wrong too.
`RULES` follows the order of the specification, each rule being a generator of complaints.
"""

import json
import math
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args
from uuid import UUID

import psycopg
from psycopg import IsolationLevel, sql
from psycopg.rows import dict_row

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Volumes:
    """How much a data set was asked to hold."""

    users: int = 10
    organizations: int = 3
    patients: int = 20
    plans_per_patient: int = 3


@dataclass(frozen=True)
class SeededSet:
    """The rows, what was asked for, and the look-ups that several rules need."""

    rows: Rows
    volumes: Volumes
    as_of: date

    @cached_property
    def patients(self) -> dict[UUID, Row]:
        """Patients by id."""
        return {patient["id"]: patient for patient in self.rows["patients"]}

    @cached_property
    def memberships(self) -> set[tuple[UUID, UUID]]:
        """Pairs of organization and user."""
        return {(row["organization_id"], row["user_id"]) for row in self.rows["members"]}

    @cached_property
    def templates(self) -> dict[UUID, list[Row]]:
        """Weekly templates by user, users without any included."""
        return self._of_each("users", "weekly_availability_templates", "user_id")

    @cached_property
    def exceptions(self) -> dict[UUID, list[Row]]:
        """Availability exceptions by user, users without any included."""
        return self._of_each("users", "availability_exceptions", "user_id")

    @cached_property
    def plans(self) -> dict[UUID, list[Row]]:
        """Treatment plans by patient, patients without any included."""
        return self._of_each("patients", "treatment_plans", "patient_id")

    def templates_on(self, exception: Row) -> list[Row]:
        """Return the templates of the exception's user on the weekday of its date."""
        day = WEEKDAYS[exception["date"].weekday()]
        templates = self.templates.get(exception["user_id"], [])
        return [template for template in templates if template["day_of_week"] == day]

    def _of_each(self, owners: str, table: str, column: str) -> dict[UUID, list[Row]]:
        owned = _grouped(self.rows[table], lambda row: row[column])
        return {row["id"]: owned.get(row["id"], []) for row in self.rows[owners]}


Rule = Callable[[SeededSet], Iterator[str]]

TIMESTAMPS = {"created_at": datetime, "updated_at": datetime}
# What `read_rows` reads and how it decodes it, and what `values_have_their_type` asks for.
COLUMNS: dict[str, dict[str, type | UnionType]] = {
    "users": {
        "id": UUID,
        "name": str,
        "first_name": str,
        "last_name": str,
        "email": str,
        "email_verified": bool,
        "image": str | None,
        "license_number": str,
        "specialization": list,
        "phone_numbers": list,
        **TIMESTAMPS,
    },
    "accounts": {
        "id": UUID,
        "user_id": UUID,
        "provider_id": str,
        "account_id": str,
        "password": str,
        **TIMESTAMPS,
    },
    "organizations": {
        "id": UUID,
        "name": str,
        "slug": str,
        "logo": str | None,
        "metadata": dict | None,
        **TIMESTAMPS,
    },
    "sessions": {
        "id": UUID,
        "user_id": UUID,
        "token": str,
        "expires_at": datetime,
        "ip_address": str | None,
        "user_agent": str | None,
        "active_organization_id": UUID | None,
        **TIMESTAMPS,
    },
    "verifications": {
        "id": UUID,
        "identifier": str,
        "value": str,
        "expires_at": datetime,
        **TIMESTAMPS,
    },
    "members": {"id": UUID, "organization_id": UUID, "user_id": UUID, "role": str, **TIMESTAMPS},
    "invitations": {
        "id": UUID,
        "organization_id": UUID,
        "email": str,
        "role": str,
        "status": str,
        "inviter_id": UUID,
        "expires_at": datetime,
        **TIMESTAMPS,
    },
    "weekly_availability_templates": {
        "id": UUID,
        "organization_id": UUID,
        "user_id": UUID,
        "day_of_week": str,
        "start_time": time,
        "end_time": time,
        "location": str,
        "max_sessions": int,
        **TIMESTAMPS,
    },
    "availability_exceptions": {
        "id": UUID,
        "organization_id": UUID,
        "user_id": UUID,
        "date": date,
        "start_time": time | None,
        "end_time": time | None,
        "is_available": bool,
        "reason": str,
        "notes": str | None,
        **TIMESTAMPS,
    },
    "patients": {
        "id": UUID,
        "organization_id": UUID,
        "first_name": str,
        "last_name": str,
        "date_of_birth": date,
        "gender": str | None,
        "email": str | None,
        "phone": str,
        "address": str,
        "city": str,
        "postal_code": str,
        "country": str,
        "emergency_contacts": list,
        "medical_conditions": list,
        "surgeries": list,
        "allergies": list,
        "medications": list,
        "insurance_provider": str | None,
        "insurance_number": str | None,
        "referral_source": str | None,
        "status": str,
        "notes": str | None,
        "deleted_at": datetime | None,
        **TIMESTAMPS,
    },
    "treatment_plans": {
        "id": UUID,
        "organization_id": UUID,
        "patient_id": UUID,
        "therapist_id": UUID,
        "title": str,
        "diagnosis": str,
        "objective": str,
        "start_date": date,
        "end_date": date | None,
        "number_of_sessions": int,
        "session_frequency": int,
        "status": str,
        "prescribing_doctor": str | None,
        "prescription_date": date | None,
        "coverage_status": str,
        "insurance_info": object,
        "notes": str | None,
        "deleted_at": datetime | None,
        **TIMESTAMPS,
    },
}
PHONE_NUMBER = {"number", "category"}
EMERGENCY_CONTACT = {"name", "relationship", "phone"}
LISTS_OF_RECORDS = {
    ("users", "phone_numbers"): PHONE_NUMBER,
    ("patients", "emergency_contacts"): EMERGENCY_CONTACT,
}
LISTS_OF_TEXT = {
    "users": ("specialization",),
    "patients": ("medical_conditions", "surgeries", "allergies", "medications"),
}
FOREIGN_KEYS = {
    ("accounts", "user_id"): "users",
    ("sessions", "user_id"): "users",
    ("sessions", "active_organization_id"): "organizations",
    ("members", "organization_id"): "organizations",
    ("members", "user_id"): "users",
    ("invitations", "organization_id"): "organizations",
    ("invitations", "inviter_id"): "users",
    ("weekly_availability_templates", "organization_id"): "organizations",
    ("weekly_availability_templates", "user_id"): "users",
    ("availability_exceptions", "organization_id"): "organizations",
    ("availability_exceptions", "user_id"): "users",
    ("patients", "organization_id"): "organizations",
    ("treatment_plans", "organization_id"): "organizations",
    ("treatment_plans", "patient_id"): "patients",
    ("treatment_plans", "therapist_id"): "users",
}
ENUMERATIONS = {
    ("members", "role"): "owner admin member",
    ("invitations", "role"): "owner admin member",
    ("invitations", "status"): "pending accepted rejected canceled",
    ("weekly_availability_templates", "day_of_week"): "mon tue wed thu fri sat",
    ("weekly_availability_templates", "location"): "clinic home telehealth",
    ("availability_exceptions", "reason"): (
        "vacation holiday sick training meeting personal reduced_hours other"
    ),
    ("patients", "status"): "active inactive discharged archived",
    ("treatment_plans", "status"): "planned ongoing completed paused cancelled",
    ("treatment_plans", "coverage_status"): (
        "not_required not_provided to_verify awaiting_agreement covered partially_covered"
        " refused expired cancelled"
    ),
}

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GAP_SECONDS = 15 * 60
OPENS_AT, CLOSES_AT = time(8), time(19)
TEMPLATES_A_USER = range(3, 5 + 1)
LOCATIONS_A_USER = 2
EXCEPTIONS_A_USER = range(2, 4 + 1)
MAX_SESSIONS = range(1, 4 + 1)
EXCEPTION_HORIZON_DAYS = range(1, 90 + 1)
PLANS_AT_MOST = 5
PATIENT_AGES = range(18, 100 + 1)
PLAN_LENGTH_SLACK_DAYS = 14
EXAMPLE_ADDRESS = re.compile(r"[^@\s]+@example\.(com|org|net)", re.IGNORECASE)
# The two ranges of Victoria that ACMA keeps for works of fiction, of 10,000 numbers each.
FICTITIOUS_PHONE = re.compile(r"\+61 3 (7010|5550) [0-9]{4}")
NUMBERS_IN_A_RANGE = 10_000
VICTORIAN_POSTAL_CODE = re.compile(r"3[0-9]{3}")
COUNTRY = "AU"
# "Melbourne" is absent: the city is 3000, its St Kilda Road end 3004.
SUBURBS = """
    3002 East Melbourne; 3003 West Melbourne; 3006 Southbank, South Wharf; 3008 Docklands; 3011
    Footscray, Seddon; 3012 West Footscray, Kingsville, Maidstone; 3013 Yarraville; 3015
    Newport, Spotswood, South Kingsville; 3016 Williamstown, Williamstown North; 3018 Altona,
    Seaholme; 3019 Braybrook; 3020 Sunshine, Sunshine North, Sunshine West, Albion; 3021 St
    Albans, Kings Park; 3023 Deer Park, Caroline Springs; 3025 Altona North; 3029 Hoppers
    Crossing, Tarneit; 3030 Werribee, Point Cook; 3031 Flemington, Kensington; 3032 Ascot Vale,
    Maribyrnong, Travancore; 3033 Keilor East; 3034 Avondale Heights; 3039 Moonee Ponds; 3040
    Essendon, Essendon West, Aberfeldie; 3041 Essendon North, Strathmore; 3042 Airport West,
    Niddrie, Keilor Park; 3043 Tullamarine, Gladstone Park; 3044 Pascoe Vale, Pascoe Vale South;
    3046 Glenroy, Hadfield, Oak Park; 3047 Broadmeadows, Dallas; 3051 North Melbourne; 3052
    Parkville; 3053 Carlton; 3054 Carlton North, Princes Hill; 3055 Brunswick West; 3056
    Brunswick; 3057 Brunswick East; 3058 Coburg, Coburg North; 3064 Craigieburn; 3065 Fitzroy;
    3066 Collingwood; 3067 Abbotsford; 3068 Clifton Hill, Fitzroy North; 3070 Northcote; 3071
    Thornbury; 3072 Preston; 3073 Reservoir; 3074 Thomastown; 3075 Lalor; 3076 Epping; 3078
    Alphington, Fairfield; 3079 Ivanhoe, Ivanhoe East; 3081 Heidelberg Heights, Heidelberg West;
    3082 Mill Park; 3083 Bundoora, Kingsbury; 3084 Heidelberg, Rosanna, Eaglemont, Viewbank;
    3085 Macleod; 3087 Watsonia; 3088 Greensborough, Briar Hill, St Helena; 3093 Lower Plenty;
    3094 Montmorency; 3095 Eltham, Eltham North, Research; 3101 Kew; 3102 Kew East; 3103 Balwyn,
    Deepdene; 3104 Balwyn North; 3105 Bulleen; 3106 Templestowe; 3107 Templestowe Lower; 3108
    Doncaster; 3109 Doncaster East; 3111 Donvale; 3113 Warrandyte; 3121 Richmond, Burnley,
    Cremorne; 3122 Hawthorn; 3123 Hawthorn East; 3124 Camberwell; 3125 Burwood; 3126 Canterbury;
    3127 Surrey Hills, Mont Albert; 3128 Box Hill, Box Hill South; 3129 Box Hill North, Mont
    Albert North; 3130 Blackburn, Blackburn North, Blackburn South; 3131 Nunawading, Forest
    Hill; 3132 Mitcham; 3133 Vermont, Vermont South; 3134 Ringwood, Ringwood North, Warranwood;
    3135 Heathmont, Ringwood East; 3136 Croydon, Croydon North; 3137 Kilsyth; 3138 Mooroolbark;
    3140 Lilydale; 3141 South Yarra; 3142 Toorak; 3143 Armadale; 3144 Malvern, Kooyong; 3145
    Malvern East, Caulfield East; 3146 Glen Iris; 3147 Ashburton, Ashwood; 3148 Chadstone; 3149
    Mount Waverley; 3150 Glen Waverley, Wheelers Hill; 3151 Burwood East; 3152 Wantirna,
    Wantirna South; 3153 Bayswater, Bayswater North; 3155 Boronia; 3156 Ferntree Gully; 3161
    Caulfield North; 3162 Caulfield, Caulfield South; 3163 Carnegie, Glen Huntly, Murrumbeena;
    3165 Bentleigh East; 3166 Oakleigh, Hughesdale, Huntingdale, Oakleigh East; 3167 Oakleigh
    South; 3168 Clayton, Notting Hill; 3169 Clayton South, Clarinda; 3170 Mulgrave; 3171
    Springvale; 3172 Springvale South, Dingley Village; 3173 Keysborough; 3174 Noble Park; 3175
    Dandenong; 3178 Rowville; 3179 Scoresby; 3180 Knoxfield; 3181 Prahran, Windsor; 3182 St
    Kilda, St Kilda West; 3183 St Kilda East, Balaclava; 3184 Elwood; 3185 Elsternwick,
    Gardenvale, Ripponlea; 3186 Brighton; 3187 Brighton East; 3188 Hampton, Hampton East; 3189
    Moorabbin; 3190 Highett; 3191 Sandringham; 3192 Cheltenham; 3193 Beaumaris, Black Rock; 3194
    Mentone; 3195 Mordialloc, Parkdale, Aspendale, Braeside; 3196 Chelsea, Bonbeach, Edithvale;
    3197 Carrum, Patterson Lakes; 3198 Seaford; 3199 Frankston, Frankston South; 3204 Bentleigh,
    McKinnon, Ormond; 3205 South Melbourne; 3206 Albert Park, Middle Park; 3207 Port Melbourne
"""
POSTAL_CODES = {
    suburb.casefold(): entry[:4]
    for entry in " ".join(SUBURBS.split()).split("; ")
    for suburb in entry[5:].split(", ")
}


def _grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _repeated(named_values: Iterable[tuple[str, Hashable]]) -> Iterator[str]:
    first_names: dict[Hashable, str] = {}
    for name, value in named_values:
        if value in first_names:
            yield f"{name}: {value!r} is already that of {first_names[value]}"
        first_names.setdefault(value, name)


def _named(table: str, row: Row) -> str:
    return f"{table} {row['id']}"


def _full_name(row: Row) -> str:
    return _folded(f"{row['first_name']} {row['last_name']}")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _day_seconds(moment: time) -> float:
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6


def _is_whole_day(exception: Row) -> bool:
    return exception["start_time"] is None and exception["end_time"] is None


def _has_both_times(slot: Row) -> bool:
    return slot["start_time"] is not None and slot["end_time"] is not None


def _too_close(slots: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Yield a slot that begins under 15 minutes after an earlier one ends, and that one."""
    latest: Row | None = None
    for slot in sorted(filter(_has_both_times, slots), key=lambda slot: slot["start_time"]):
        if latest:
            gap = _day_seconds(slot["start_time"]) - _day_seconds(latest["end_time"])
            if gap < GAP_SECONDS:
                yield slot, latest
        if not latest or slot["end_time"] > latest["end_time"]:
            latest = slot


def _even_split(quantity: int, parts: int) -> list[int]:
    return [quantity // parts + (index < quantity % parts) for index in range(parts)]


def _age(born_on: date, on: date) -> int:
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def values_have_their_type(data: SeededSet) -> Iterator[str]:
    """Every table and column of the specification is there, and holds its type of value."""
    for table, columns in COLUMNS.items():
        if table not in data.rows:
            yield f"{table}: is missing"
        for row in data.rows.get(table, []):
            for column, declared in columns.items():
                if column not in row:
                    yield f"{table} {row.get('id')}: has no {column}"
                elif not _is_exactly(declared, row[column]):
                    yield f"{table} {row.get('id')}: {column} is {row[column]!r}"


def _is_exactly(declared: type | UnionType, value: object) -> bool:
    # Not isinstance(): a datetime is no plain date, and True is no number of sessions.
    return declared is object or type(value) in (get_args(declared) or (declared,))


def lists_hold_their_items(data: SeededSet) -> Iterator[str]:
    """Clinical lists hold texts; phone numbers and contacts are records of texts."""
    for table, columns in LISTS_OF_TEXT.items():
        for row in data.rows[table]:
            for column in columns:
                if not all(isinstance(item, str) and item.strip() for item in row[column]):
                    yield f"{_named(table, row)}: {column} is {row[column]!r}"
    for (table, column), keys in LISTS_OF_RECORDS.items():
        for row in data.rows[table]:
            for item in row[column]:
                if not isinstance(item, dict) or not _holds_texts(item, keys):
                    yield f"{_named(table, row)}: {column} holds {item!r}"


def _holds_texts(item: Mapping[str, object], keys: Iterable[str]) -> bool:
    return all(isinstance(value := item.get(key), str) and value.strip() for key in keys)


def ids_are_unique(data: SeededSet) -> Iterator[str]:
    """No two rows of the set have the same id, whatever their tables."""
    counts = Counter(row["id"] for table in COLUMNS for row in data.rows[table])
    for table in COLUMNS:
        for row in data.rows[table]:
            if counts[row["id"]] > 1:
                yield f"{_named(table, row)}: the id is that of {counts[row['id']]} rows"


def foreign_keys_resolve(data: SeededSet) -> Iterator[str]:
    """Every foreign key names a row that exists."""
    ids = {table: {row["id"] for row in data.rows[table]} for table in COLUMNS}
    for (table, column), target in FOREIGN_KEYS.items():
        for row in data.rows[table]:
            if row[column] is not None and row[column] not in ids[target]:
                yield f"{_named(table, row)}: {column} {row[column]} is not in {target}"


def enumerations_hold(data: SeededSet) -> Iterator[str]:
    """A column of an enumeration holds one of its values."""
    for (table, column), allowed in ENUMERATIONS.items():
        values = allowed.split()
        for row in data.rows[table]:
            if row[column] not in values:
                yield f"{_named(table, row)}: {column} is {row[column]!r}"


def texts_are_not_blank(data: SeededSet) -> Iterator[str]:
    """A text that a row must have is not blank and not padded with spaces."""
    for table, columns in COLUMNS.items():
        required = [column for column, declared in columns.items() if declared is str]
        for row in data.rows[table]:
            for column in required:
                if not row[column] or row[column] != row[column].strip():
                    yield f"{_named(table, row)}: {column} is {row[column]!r}"


def volumes_are_met(data: SeededSet) -> Iterator[str]:
    """There are as many users, organizations, memberships and patients as were asked for."""
    expected = {
        "users": data.volumes.users,
        "organizations": data.volumes.organizations,
        "members": data.volumes.users,
        "patients": data.volumes.patients,
    }
    for table, quantity in expected.items():
        if len(data.rows[table]) != quantity:
            yield f"{table}: {len(data.rows[table])} rows instead of {quantity}"


def set_is_fresh(data: SeededSet) -> Iterator[str]:
    """A new set has no sessions, verifications or invitations, and nothing deleted."""
    for table in ("sessions", "verifications", "invitations"):
        for row in data.rows[table]:
            yield f"{_named(table, row)}: is there"
    for table in ("patients", "treatment_plans"):
        for row in data.rows[table]:
            if row["deleted_at"] is not None:
                yield f"{_named(table, row)}: is deleted"


def organizations_are_distinct(data: SeededSet) -> Iterator[str]:
    """Organizations have distinct names and distinct slugs."""
    for column in ("name", "slug"):
        yield from _repeated(
            (_named("organizations", row), _folded(row[column]))
            for row in data.rows["organizations"]
        )


def organizations_have_one_owner(data: SeededSet) -> Iterator[str]:
    """The first member of an organization is its owner, later ones are not."""
    owners = Counter(
        row["organization_id"] for row in data.rows["members"] if row["role"] == "owner"
    )
    for row in data.rows["organizations"]:
        if owners[row["id"]] != 1:
            yield f"{_named('organizations', row)}: has {owners[row['id']]} owners"


def emails_are_reserved(data: SeededSet) -> Iterator[str]:
    """E-mail addresses are in a domain that is reserved for examples."""
    for table in ("users", "patients"):
        for row in data.rows[table]:
            if row["email"] is not None and not EXAMPLE_ADDRESS.fullmatch(row["email"]):
                yield f"{_named(table, row)}: e-mail {row['email']!r} is not of an example domain"


def emails_are_distinct(data: SeededSet) -> Iterator[str]:
    """No two people have the same e-mail address, whatever its case."""
    yield from _repeated(
        (_named(table, row), row["email"].casefold())
        for table in ("users", "patients")
        for row in data.rows[table]
        if row["email"] is not None
    )


def user_name_is_first_and_last(data: SeededSet) -> Iterator[str]:
    """A user's name is the first name, a space, and the last name."""
    for user in data.rows["users"]:
        if user["name"] != f"{user['first_name']} {user['last_name']}":
            yield f"{_named('users', user)}: name {user['name']!r} is not first and last name"


def people_are_distinct(data: SeededSet) -> Iterator[str]:
    """Full names are distinct among users, among patients, and between the two."""
    yield from _repeated(
        (_named(table, row), _full_name(row))
        for table in ("users", "patients")
        for row in data.rows[table]
    )


def licence_numbers_are_distinct(data: SeededSet) -> Iterator[str]:
    """No two users have the same licence number."""
    yield from _repeated(
        (_named("users", user), user["license_number"]) for user in data.rows["users"]
    )


def users_can_sign_in(data: SeededSet) -> Iterator[str]:
    """A user has exactly one account: the credential, in the user's id, with an argon2id hash."""
    accounts = _grouped(data.rows["accounts"], lambda row: row["user_id"])
    for user in data.rows["users"]:
        own = accounts.get(user["id"], [])
        if len(own) != 1:
            yield f"{_named('users', user)}: has {len(own)} accounts"
        for account in own:
            if (account["provider_id"], account["account_id"]) != ("credential", str(user["id"])):
                yield f"{_named('accounts', account)}: is not the credential of its user"
            if not account["password"].startswith("$argon2id$"):
                yield f"{_named('accounts', account)}: password is not an argon2id hash"


def users_fill_organizations(data: SeededSet) -> Iterator[str]:
    """There are at least as many users as organizations."""
    users, organizations = len(data.rows["users"]), len(data.rows["organizations"])
    if users < organizations:
        yield f"{users} users cannot fill {organizations} organizations"


def users_have_one_membership(data: SeededSet) -> Iterator[str]:
    """Every user is in exactly one organization, once."""
    counts = Counter(row["user_id"] for row in data.rows["members"])
    for user in data.rows["users"]:
        if counts[user["id"]] != 1:
            yield f"{_named('users', user)}: has {counts[user['id']]} memberships"


def memberships_are_spread_evenly(data: SeededSet) -> Iterator[str]:
    """Users are spread over the organizations as evenly as can be: 4-3-3."""
    if not data.volumes.organizations:
        return
    sizes = Counter(row["organization_id"] for row in data.rows["members"])
    actual = sorted((sizes[row["id"]] for row in data.rows["organizations"]), reverse=True)
    expected = _even_split(data.volumes.users, data.volumes.organizations)
    if actual != expected:
        yield f"organizations have {actual} members instead of {expected}"


def slots_are_of_a_member(data: SeededSet) -> Iterator[str]:
    """A template or an exception belongs to an organization of its user."""
    for table in ("weekly_availability_templates", "availability_exceptions"):
        for row in data.rows[table]:
            if (row["organization_id"], row["user_id"]) not in data.memberships:
                yield f"{_named(table, row)}: its user is not in its organization"


def slots_start_before_they_end(data: SeededSet) -> Iterator[str]:
    """A slot starts before it ends; a whole-day exception has neither time."""
    for table in ("weekly_availability_templates", "availability_exceptions"):
        for row in data.rows[table]:
            if _is_whole_day(row):
                continue
            if not _has_both_times(row):
                yield f"{_named(table, row)}: has one time without the other"
            elif row["start_time"] >= row["end_time"]:
                yield f"{_named(table, row)}: {row['start_time']} is not before {row['end_time']}"


def users_have_templates(data: SeededSet) -> Iterator[str]:
    """Every user has 3 to 5 weekly templates."""
    for user_id, templates in data.templates.items():
        if len(templates) not in TEMPLATES_A_USER:
            yield f"users {user_id}: has {len(templates)} templates"


def templates_are_on_different_days(data: SeededSet) -> Iterator[str]:
    """The templates of a user are on different days."""
    for templates in data.templates.values():
        yield from _repeated(
            (_named("weekly_availability_templates", row), row["day_of_week"]) for row in templates
        )


def templates_are_at_different_times(data: SeededSet) -> Iterator[str]:
    """The templates of a user have pairwise different times."""
    for templates in data.templates.values():
        yield from _repeated(
            (
                _named("weekly_availability_templates", row),
                f"{row['start_time']} to {row['end_time']}",
            )
            for row in templates
        )


def templates_are_at_different_locations(data: SeededSet) -> Iterator[str]:
    """The templates of a user are at two locations or more."""
    for user_id, templates in data.templates.items():
        locations = {template["location"] for template in templates}
        if templates and len(locations) < LOCATIONS_A_USER:
            yield f"users {user_id}: all templates are at {locations.pop()!r}"


def templates_are_in_opening_hours(data: SeededSet) -> Iterator[str]:
    """Templates lie within 08:00 to 19:00."""
    for row in data.rows["weekly_availability_templates"]:
        if row["start_time"] < OPENS_AT or row["end_time"] > CLOSES_AT:
            yield (
                f"{_named('weekly_availability_templates', row)}:"
                f" {row['start_time']} to {row['end_time']} is outside opening hours"
            )


def templates_take_one_to_four_sessions(data: SeededSet) -> Iterator[str]:
    """A template takes 1 to 4 sessions at once."""
    for row in data.rows["weekly_availability_templates"]:
        if row["max_sessions"] not in MAX_SESSIONS:
            yield f"{_named('weekly_availability_templates', row)}: takes {row['max_sessions']}"


def templates_keep_the_gap(data: SeededSet) -> Iterator[str]:
    """Two templates of a user on one weekday are at least 15 minutes apart."""
    table = "weekly_availability_templates"
    days = _grouped(data.rows[table], lambda row: (row["user_id"], row["day_of_week"]))
    for slots in days.values():
        for slot, earlier in _too_close(slots):
            yield f"{_named(table, slot)}: is under 15 minutes after {_named(table, earlier)}"


def users_have_exceptions(data: SeededSet) -> Iterator[str]:
    """Every user has 2 to 4 availability exceptions."""
    for user_id, exceptions in data.exceptions.items():
        if len(exceptions) not in EXCEPTIONS_A_USER:
            yield f"users {user_id}: has {len(exceptions)} exceptions"


def users_have_both_kinds_of_exception(data: SeededSet) -> Iterator[str]:
    """Every user has an available exception and an unavailable one."""
    for user_id, exceptions in data.exceptions.items():
        kinds = {exception["is_available"] for exception in exceptions}
        if kinds != {True, False}:
            yield f"users {user_id}: has exceptions of the kinds {sorted(kinds)} only"


def exceptions_are_whole_day_and_part_day(data: SeededSet) -> Iterator[str]:
    """The set has a whole-day exception and a part-day one."""
    whole_day = [_is_whole_day(row) for row in data.rows["availability_exceptions"]]
    if data.rows["users"] and not any(whole_day):
        yield "no exception is for a whole day"
    if data.rows["users"] and all(whole_day):
        yield "no exception is for a part of a day"


def exceptions_are_in_the_next_90_days(data: SeededSet) -> Iterator[str]:
    """Exceptions are 1 to 90 days after the day that the set is made for."""
    for row in data.rows["availability_exceptions"]:
        if (row["date"] - data.as_of).days not in EXCEPTION_HORIZON_DAYS:
            yield f"{_named('availability_exceptions', row)}: {row['date']} is out of range"


def exceptions_keep_the_gap(data: SeededSet) -> Iterator[str]:
    """Two exceptions of a user on one date are at least 15 minutes apart."""
    table = "availability_exceptions"
    for slots in _exceptions_by_day(data):
        for slot, earlier in _too_close(slots):
            yield f"{_named(table, slot)}: is under 15 minutes after {_named(table, earlier)}"


def whole_day_exceptions_stand_alone(data: SeededSet) -> Iterator[str]:
    """A whole-day exception conflicts with every other one of that user on that date."""
    for slots in _exceptions_by_day(data):
        for slot in slots:
            if len(slots) > 1 and _is_whole_day(slot):
                yield f"{_named('availability_exceptions', slot)}: has others on its day"


def _exceptions_by_day(data: SeededSet) -> Iterable[list[Row]]:
    return _grouped(
        data.rows["availability_exceptions"], lambda row: (row["user_id"], row["date"])
    ).values()


def available_exceptions_add_time(data: SeededSet) -> Iterator[str]:
    """An available exception is not wholly inside a template of its weekday."""
    for row in filter(_has_both_times, data.rows["availability_exceptions"]):
        for template in data.templates_on(row) if row["is_available"] else []:
            if (
                template["start_time"] <= row["start_time"]
                and row["end_time"] <= template["end_time"]
            ):
                yield f"{_named('availability_exceptions', row)}: adds no time to its template"


def unavailable_exceptions_take_time(data: SeededSet) -> Iterator[str]:
    """An unavailable exception overlaps with a template of its weekday."""
    for row in data.rows["availability_exceptions"]:
        if not row["is_available"] and not any(
            _is_whole_day(row)
            or (
                _has_both_times(row)
                and row["start_time"] < template["end_time"]
                and template["start_time"] < row["end_time"]
            )
            for template in data.templates_on(row)
        ):
            yield f"{_named('availability_exceptions', row)}: takes no time that a template offers"


def patients_are_in_proportion(data: SeededSet) -> Iterator[str]:
    """Patients per practitioner differ by one at most between any two organizations."""
    members = Counter(row["organization_id"] for row in data.rows["members"])
    patients = Counter(row["organization_id"] for row in data.rows["patients"])
    shares = {
        organization["id"]: Fraction(patients[organization["id"]], members[organization["id"]])
        for organization in data.rows["organizations"]
        if members[organization["id"]]
    }
    if shares and max(shares.values()) - min(shares.values()) > 1:
        told = ", ".join(f"{name}: {float(share):.2f}" for name, share in shares.items())
        yield f"organizations have too different numbers of patients per practitioner ({told})"


def patients_are_adults(data: SeededSet) -> Iterator[str]:
    """A patient is 18 to 100 years old."""
    for patient in data.rows["patients"]:
        age = _age(patient["date_of_birth"], data.as_of)
        if age not in PATIENT_AGES:
            yield f"{_named('patients', patient)}: is {age} years old"


def patients_live_in_australia(data: SeededSet) -> Iterator[str]:
    """A patient's country is AU."""
    for patient in data.rows["patients"]:
        if patient["country"] != COUNTRY:
            yield f"{_named('patients', patient)}: country is {patient['country']!r}"


def postal_codes_fit_their_city(data: SeededSet) -> Iterator[str]:
    """A postal code is the one of its suburb, and a suburb has only one in the set."""
    seen: dict[str, str] = {}
    for patient in data.rows["patients"]:
        city, postal_code = _folded(patient["city"]), patient["postal_code"]
        expected = POSTAL_CODES.get(city, seen.setdefault(city, postal_code))
        if postal_code != expected or not VICTORIAN_POSTAL_CODE.fullmatch(postal_code):
            yield f"{_named('patients', patient)}: {postal_code!r} is not of {patient['city']!r}"


def _numbers(data: SeededSet) -> dict[str, list[tuple[str, str]]]:
    """Return the phone numbers of each kind of person, with the row that each stands in."""
    users, patients = data.rows["users"], data.rows["patients"]
    return {
        "users": [
            (_named("users", user), phone["number"])
            for user in users
            for phone in user["phone_numbers"]
        ],
        "patients": [(_named("patients", patient), patient["phone"]) for patient in patients],
        "contacts": [
            (f"{_named('patients', patient)} contact {contact['name']!r}", contact["phone"])
            for patient in patients
            for contact in patient["emergency_contacts"]
        ],
    }


def phones_are_fictitious(data: SeededSet) -> Iterator[str]:
    """Every phone number is of a range that is reserved for fiction."""
    for name, number in chain.from_iterable(_numbers(data).values()):
        if not FICTITIOUS_PHONE.fullmatch(number):
            yield f"{name}: {number!r} is not of a range reserved for fiction"


def phones_are_distinct(data: SeededSet) -> Iterator[str]:
    """Numbers of users, of patients and of contacts are unique while a range lasts for them."""
    for named_numbers in _numbers(data).values():
        if len(named_numbers) <= NUMBERS_IN_A_RANGE:
            yield from _repeated(named_numbers)


def contacts_are_other_people(data: SeededSet) -> Iterator[str]:
    """An emergency contact has neither the patient's name nor the patient's number."""
    for patient in data.rows["patients"]:
        for contact in patient["emergency_contacts"]:
            if _folded(contact["name"]) == _full_name(patient):
                yield f"{_named('patients', patient)}: is their own emergency contact"
            if contact["phone"] == patient["phone"]:
                yield f"{_named('patients', patient)}: shares the number of {contact['name']!r}"


def patients_have_their_plans(data: SeededSet) -> Iterator[str]:
    """Every patient has as many plans as were asked for, and 5 at most."""
    wanted = data.volumes.plans_per_patient
    for patient_id, plans in data.plans.items():
        if len(plans) != wanted or len(plans) > PLANS_AT_MOST:
            yield f"patients {patient_id}: has {len(plans)} plans instead of {wanted}"


def plans_of_a_patient_differ_in_status(data: SeededSet) -> Iterator[str]:
    """The statuses of a patient's plans are all different."""
    for plans in data.plans.values():
        yield from _repeated((_named("treatment_plans", plan), plan["status"]) for plan in plans)


def patients_have_one_ongoing_plan(data: SeededSet) -> Iterator[str]:
    """Exactly one plan of a patient is ongoing."""
    for patient_id, plans in data.plans.items():
        ongoing = sum(plan["status"] == "ongoing" for plan in plans)
        if plans and ongoing != 1:
            yield f"patients {patient_id}: has {ongoing} ongoing plans"


def plans_of_a_patient_differ_in_title(data: SeededSet) -> Iterator[str]:
    """No patient has two plans of the same title."""
    for plans in data.plans.values():
        yield from _repeated((_named("treatment_plans", plan), plan["title"]) for plan in plans)


def plans_are_in_the_organization_of_the_patient(data: SeededSet) -> Iterator[str]:
    """A plan is in its patient's organization."""
    for plan in data.rows["treatment_plans"]:
        patient = data.patients.get(plan["patient_id"])
        if patient and patient["organization_id"] != plan["organization_id"]:
            yield f"{_named('treatment_plans', plan)}: is not in its patient's organization"


def therapists_are_in_the_organization(data: SeededSet) -> Iterator[str]:
    """A plan's therapist is from the patient's organization."""
    for plan in data.rows["treatment_plans"]:
        patient = data.patients.get(plan["patient_id"])
        if patient and (patient["organization_id"], plan["therapist_id"]) not in data.memberships:
            yield f"{_named('treatment_plans', plan)}: its therapist is not in the organization"


def therapists_share_the_load(data: SeededSet) -> Iterator[str]:
    """Within an organization, the numbers of plans of two therapists differ by one at most."""
    plans = Counter(
        (plan["organization_id"], plan["therapist_id"]) for plan in data.rows["treatment_plans"]
    )
    loads: defaultdict[UUID, list[int]] = defaultdict(list)
    for organization_id, user_id in data.memberships:
        loads[organization_id].append(plans[organization_id, user_id])
    for organization_id, numbers in loads.items():
        if max(numbers) - min(numbers) > 1:
            yield f"organizations {organization_id}: therapists have {sorted(numbers)} plans"


def plans_start_before_they_end(data: SeededSet) -> Iterator[str]:
    """A plan's start is not after its end."""
    for plan in data.rows["treatment_plans"]:
        if plan["end_date"] is not None and plan["start_date"] > plan["end_date"]:
            yield f"{_named('treatment_plans', plan)}: ends before {plan['start_date']}"


def plan_dates_fit_the_status(data: SeededSet) -> Iterator[str]:
    """Completed plans ended in the past, planned ones are to come, the others have started."""
    as_of = data.as_of
    for plan in data.rows["treatment_plans"]:
        started = plan["start_date"] <= as_of
        ended = plan["end_date"] is not None and plan["end_date"] < as_of
        coherent = {
            "completed": ended,
            "planned": not started,
            "ongoing": started and not ended,
            "paused": started,
        }
        if not coherent.get(plan["status"], True):
            yield (
                f"{_named('treatment_plans', plan)}: {plan['status']} from"
                f" {plan['start_date']} to {plan['end_date']}, as of {as_of}"
            )


def plans_do_not_start_on_sunday(data: SeededSet) -> Iterator[str]:
    """No plan starts on a Sunday, when no practitioner works."""
    for plan in data.rows["treatment_plans"]:
        if WEEKDAYS[plan["start_date"].weekday()] == "sun":
            yield f"{_named('treatment_plans', plan)}: {plan['start_date']} is a Sunday"


def prescriptions_precede_their_plan(data: SeededSet) -> Iterator[str]:
    """A prescription is not later than the plan's start, nor in the future."""
    for plan in data.rows["treatment_plans"]:
        prescribed_on = plan["prescription_date"]
        if prescribed_on is not None and prescribed_on > min(plan["start_date"], data.as_of):
            yield f"{_named('treatment_plans', plan)}: prescribed only on {prescribed_on}"


def patients_are_born_first(data: SeededSet) -> Iterator[str]:
    """A patient was born before every date of the plans."""
    for patient_id, plans in data.plans.items():
        born_on = data.patients[patient_id]["date_of_birth"]
        for plan in plans:
            for column in ("prescription_date", "start_date", "end_date"):
                if plan[column] is not None and plan[column] <= born_on:
                    yield f"{_named('treatment_plans', plan)}: {column} is not after {born_on}"


def plans_have_sessions(data: SeededSet) -> Iterator[str]:
    """The number of sessions and their frequency are positive."""
    for plan in data.rows["treatment_plans"]:
        for column in ("number_of_sessions", "session_frequency"):
            if plan[column] < 1:
                yield f"{_named('treatment_plans', plan)}: {column} is {plan[column]}"


def plan_length_fits_its_sessions(data: SeededSet) -> Iterator[str]:
    """A plan lasts the weeks that its sessions take, give or take two.

    Cancelled and paused plans may last as long as they like.
    """
    for plan in data.rows["treatment_plans"]:
        if plan["end_date"] is None or plan["status"] in ("cancelled", "paused"):
            continue
        if plan["session_frequency"] < 1:
            continue
        length = plan["end_date"] - plan["start_date"]
        weeks = math.ceil(Fraction(plan["number_of_sessions"], plan["session_frequency"]))
        if abs(length - timedelta(weeks=weeks)).days > PLAN_LENGTH_SLACK_DAYS:
            yield f"{_named('treatment_plans', plan)}: lasts {length.days} days for {weeks} weeks"


def plan_texts_belong_together(data: SeededSet) -> Iterator[str]:
    """A title has one diagnosis and one objective throughout the set, and the other way round."""
    for one, other in (
        ("title", "diagnosis"),
        ("title", "objective"),
        ("diagnosis", "title"),
        ("objective", "title"),
    ):
        seen: dict[str, str] = {}
        for plan in data.rows["treatment_plans"]:
            expected = seen.setdefault(plan[one], plan[other])
            if plan[other] != expected:
                yield (
                    f"{_named('treatment_plans', plan)}: {one} {plan[one]!r} has the {other}"
                    f" {plan[other]!r} here and {expected!r} elsewhere"
                )


# While one of these is broken, the others are not asked: they rely on what these say.
SHAPE_RULES: tuple[Rule, ...] = (values_have_their_type, lists_hold_their_items)
RULES: tuple[Rule, ...] = (
    *SHAPE_RULES,
    ids_are_unique,
    foreign_keys_resolve,
    enumerations_hold,
    texts_are_not_blank,
    volumes_are_met,
    set_is_fresh,
    organizations_are_distinct,
    organizations_have_one_owner,
    emails_are_reserved,
    emails_are_distinct,
    user_name_is_first_and_last,
    people_are_distinct,
    licence_numbers_are_distinct,
    users_can_sign_in,
    users_fill_organizations,
    users_have_one_membership,
    memberships_are_spread_evenly,
    slots_are_of_a_member,
    slots_start_before_they_end,
    users_have_templates,
    templates_are_on_different_days,
    templates_are_at_different_times,
    templates_are_at_different_locations,
    templates_are_in_opening_hours,
    templates_take_one_to_four_sessions,
    templates_keep_the_gap,
    users_have_exceptions,
    users_have_both_kinds_of_exception,
    exceptions_are_whole_day_and_part_day,
    exceptions_are_in_the_next_90_days,
    exceptions_keep_the_gap,
    whole_day_exceptions_stand_alone,
    available_exceptions_add_time,
    unavailable_exceptions_take_time,
    patients_are_in_proportion,
    patients_are_adults,
    patients_live_in_australia,
    postal_codes_fit_their_city,
    phones_are_fictitious,
    phones_are_distinct,
    contacts_are_other_people,
    patients_have_their_plans,
    plans_of_a_patient_differ_in_status,
    patients_have_one_ongoing_plan,
    plans_of_a_patient_differ_in_title,
    plans_are_in_the_organization_of_the_patient,
    therapists_are_in_the_organization,
    therapists_share_the_load,
    plans_start_before_they_end,
    plan_dates_fit_the_status,
    plans_do_not_start_on_sunday,
    prescriptions_precede_their_plan,
    patients_are_born_first,
    plans_have_sessions,
    plan_length_fits_its_sessions,
    plan_texts_belong_together,
)


def violations(rows: Rows, volumes: Volumes, as_of: date) -> list[str]:
    """Return one line per broken rule and row, `rule: table id: what is wrong`; [] if all hold.

    Values of a wrong type are told alone.
    """
    data = SeededSet(rows, volumes, as_of)
    for shape_rule in SHAPE_RULES:
        if misshapen := list(_complaints(shape_rule, data)):
            return misshapen
    return [line for rule in RULES for line in _complaints(rule, data)]


def _complaints(rule: Rule, data: SeededSet) -> Iterator[str]:
    return (f"{rule.__name__}: {complaint}" for complaint in rule(data))


def deterministic_content(rows: Rows) -> Rows:
    """Return the rows without what may differ between two runs of the same seed and day."""
    tables = rows.keys() - {"sessions", "verifications", "invitations"}
    columns = {"password", "created_at", "updated_at"}
    return {
        table: [{name: row[name] for name in row if name not in columns} for row in rows[table]]
        for table in sorted(tables)
    }


def read_rows(database_url: str) -> Rows:
    """Read all tables in one snapshot, with the same Python values from either database.

    `database_url` is `sqlite:///path` or a `postgresql://` URL of libpq.
    Rows are sorted by id; timestamps are aware and in UTC.
    """
    scheme, _, _ = database_url.partition(":")
    if scheme == "sqlite":
        rows, decoders = _read_sqlite(database_url.removeprefix("sqlite:///")), SQLITE_DECODERS
    elif scheme == "postgresql":
        rows, decoders = _read_postgresql(database_url), POSTGRESQL_DECODERS
    else:
        message = f"neither an sqlite:/// nor a postgresql:// URL: {scheme!r}"
        raise ValueError(message)
    return {
        table: sorted(
            (_decoded(row, COLUMNS[table], decoders) for row in rows[table]),
            key=lambda row: row["id"].int,
        )
        for table in COLUMNS
    }


def _read_sqlite(path: str) -> Rows:
    # Read-only, so that a wrong path is an error and not a new, empty database.
    uri = f"{Path(path).absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN")
        return {
            table: [dict(row) for row in connection.execute(_select(table).as_string())]
            for table in COLUMNS
        }


def _read_postgresql(database_url: str) -> Rows:
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        connection.read_only = True
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        return {table: connection.execute(_select(table)).fetchall() for table in COLUMNS}


def _select(table: str) -> sql.Composed:
    return sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))


Decoders = Mapping[type, Callable[[Any], Any]]


def _decoded(row: Row, columns: Mapping[str, type | UnionType], decoders: Decoders) -> Row:
    return {
        name: value if value is None else decoders.get(_kind(columns.get(name)), _as_is)(value)
        for name, value in row.items()
    }


def _kind(declared: type | UnionType | None) -> type:
    """Return `str` for both `str` and `str | None`."""
    if isinstance(declared, UnionType):
        kind: type = get_args(declared)[0]
        return kind
    return declared or object


def _as_is(value: object) -> object:
    return value


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


POSTGRESQL_DECODERS: Decoders = {datetime: _in_utc}
SQLITE_DECODERS: Decoders = {
    UUID: UUID,
    bool: bool,
    date: date.fromisoformat,
    time: time.fromisoformat,
    datetime: lambda text: _in_utc(datetime.fromisoformat(text)),
    list: json.loads,
    dict: json.loads,
}

"""Rules for the rows of every table: types, ids, foreign keys, enumerations, quantities."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import get_args

from seeded_data.rows import COLUMNS
from seeded_data.seeded_set import SeededSet, named

PHONE_NUMBER = {"number", "category"}
EMERGENCY_CONTACT = {"name", "relationship", "phone"}
LISTS_OF_RECORDS = {
    ("users", "phone_numbers"): PHONE_NUMBER,
    ("patients", "emergency_contacts"): EMERGENCY_CONTACT,
}
LISTS_OF_TEXT = {
    "users": ("specialization",),
    "patients": ("medical_conditions", "surgeries", "allergies", "medications"),
    "rooms": ("equipment",),
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
    ("rooms", "organization_id"): "organizations",
    ("appointment_types", "organization_id"): "organizations",
    ("appointments", "organization_id"): "organizations",
    ("appointments", "patient_id"): "patients",
    ("appointments", "treatment_plan_id"): "treatment_plans",
    ("appointments", "therapist_id"): "users",
    ("appointments", "room_id"): "rooms",
    ("appointments", "appointment_type_id"): "appointment_types",
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
    ("appointments", "location"): "clinic home telehealth",
    ("appointments", "status"): ("scheduled confirmed in_progress finished cancelled no_show"),
}


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
                    yield f"{named(table, row)}: {column} is {row[column]!r}"
    for (table, column), keys in LISTS_OF_RECORDS.items():
        for row in data.rows[table]:
            for item in row[column]:
                if not isinstance(item, dict) or not _holds_texts(item, keys):
                    yield f"{named(table, row)}: {column} holds {item!r}"


def _holds_texts(item: Mapping[str, object], keys: Iterable[str]) -> bool:
    return all(isinstance(value := item.get(key), str) and value.strip() for key in keys)


def ids_are_unique(data: SeededSet) -> Iterator[str]:
    """No two rows of the set have the same id, in any tables."""
    counts = Counter(row["id"] for table in COLUMNS for row in data.rows[table])
    for table in COLUMNS:
        for row in data.rows[table]:
            if counts[row["id"]] > 1:
                yield f"{named(table, row)}: the id is that of {counts[row['id']]} rows"


def foreign_keys_resolve(data: SeededSet) -> Iterator[str]:
    """Every foreign key names a row that exists."""
    ids = {table: {row["id"] for row in data.rows[table]} for table in COLUMNS}
    for (table, column), target in FOREIGN_KEYS.items():
        for row in data.rows[table]:
            if row[column] is not None and row[column] not in ids[target]:
                yield f"{named(table, row)}: {column} {row[column]} is not in {target}"


def enumerations_hold(data: SeededSet) -> Iterator[str]:
    """A column of an enumeration holds one of its values."""
    for (table, column), allowed in ENUMERATIONS.items():
        values = allowed.split()
        for row in data.rows[table]:
            if row[column] not in values:
                yield f"{named(table, row)}: {column} is {row[column]!r}"


def texts_are_not_blank(data: SeededSet) -> Iterator[str]:
    """A text that a row must have is not blank and not padded with spaces."""
    for table, columns in COLUMNS.items():
        required = [column for column, declared in columns.items() if declared is str]
        for row in data.rows[table]:
            for column in required:
                if not row[column] or row[column] != row[column].strip():
                    yield f"{named(table, row)}: {column} is {row[column]!r}"


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
            yield f"{named(table, row)}: is there"
    for table in ("patients", "treatment_plans", "rooms"):
        for row in data.rows[table]:
            if row["deleted_at"] is not None:
                yield f"{named(table, row)}: is deleted"

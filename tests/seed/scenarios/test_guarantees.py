"""Each guarantee says the truth, and would notice if it did not."""

from collections.abc import Mapping

import pytest

from app.seed.audit.checks import ALL_RULES
from app.seed.errors import AuditFailed
from app.seed.scenarios.audit import audit_clinics
from app.seed.scenarios.catalogue import SCENARIOS
from app.seed.scenarios.creation import CreatedScenario, write_content
from app.seed.scenarios.translation import random_key, translated
from conftest import Shared, seed
from seed.scenarios.clinic_rows import ClinicRows, Sentences, read_clinics, rows_of_content
from seed.scenarios.made import AS_OF, PASSWORDS, REQUEST, create, transaction
from seed.scenarios.sentences_of_days import (
    CALENDAR_EDGES,
    sessions_of_a_patient_do_not_overlap,
)
from seed.scenarios.sentences_of_quantities import EMPTY, LONG_HISTORY, NO_PATIENTS
from seed.scenarios.sentences_of_text import EXTREME_TEXT
from seeded_data import availability, bookings, identities, rooms

# By scenario: the SHA-256 of its content, before its ids are translated.
FINGERPRINTS = {
    "empty": "5af3b6fa9724dc345b567808d35fdb4f493b9abf1c8463f55a25b650254f1951",
    "no-patients": "601dbcf5604b675a926ca1040a9a0f3f39439d541c2cd7cfdb0d5f0135f91e46",
    "long-history": "e0a338e0b080ef267eb28ae2cc5594d7e5e679962b170db06db800fea9e0d130",
    "extreme-text": "4de9e1c3d48c3d423dc582519bcc1e1e25ffb026aa5625bb55f402fa774a3e1e",
    "calendar-edges": "383f13f520ac240d7b4bb10e1b4c30a526d23835d3b52106af733abdad7b0955",
}
SENTENCES: Mapping[str, Sentences] = {
    "empty": EMPTY,
    "no-patients": NO_PATIENTS,
    "long-history": LONG_HISTORY,
    "extreme-text": EXTREME_TEXT,
    "calendar-edges": CALENDAR_EDGES,
}
BOOKINGS = (
    bookings.appointments_lie_in_hours,
    bookings.templates_are_not_overbooked,
    bookings.practitioners_have_time_between,
    sessions_of_a_patient_do_not_overlap,
    bookings.rooms_are_not_overfull,
    bookings.rooms_are_at_the_clinic,
)
# Guarantees that ordinary data sets have as well, whose rules are written independently.
OF_ORDINARY_SETS = {
    "no-patients": (
        identities.organizations_have_one_owner,
        identities.users_have_one_membership,
        availability.users_have_templates,
        availability.templates_are_on_different_days,
        availability.templates_are_at_different_times,
        availability.templates_are_at_different_locations,
        availability.templates_are_in_opening_hours,
        availability.templates_keep_the_gap,
        availability.users_have_exceptions,
        availability.users_have_both_kinds_of_exception,
        availability.exceptions_are_whole_day_and_part_day,
        availability.exceptions_are_in_the_next_90_days,
        availability.exceptions_keep_the_gap,
        availability.whole_day_exceptions_stand_alone,
        availability.available_exceptions_add_time,
        availability.unavailable_exceptions_take_time,
        rooms.clinics_have_treatment_rooms,
        rooms.clinics_have_a_gym,
        rooms.rooms_have_distinct_names,
        rooms.clinics_have_five_types,
    ),
    "long-history": (*BOOKINGS, bookings.two_thirds_are_booked_at_most),
    "calendar-edges": BOOKINGS,
}


@pytest.fixture(scope="module")
async def clinics(shared: Shared) -> dict[str, ClinicRows]:
    """Create each scenario, and read what the database has."""
    await seed(shared.client, users=1, organizations=1, patients=0)
    async with transaction(shared) as session:
        made: dict[str, CreatedScenario] = {name: await create(session, name) for name in SENTENCES}
        await session.commit()
    return {
        name: read_clinics(
            shared.database_url, {clinic.id for clinic, _ in each.content.organizations}, AS_OF
        )
        for name, each in made.items()
    }


@pytest.mark.parametrize("name", FINGERPRINTS)
def test_the_content_stays_the_same(name: str) -> None:
    assert SCENARIOS[name].build(REQUEST).fingerprint() == FINGERPRINTS[name]


@pytest.mark.parametrize("name", SENTENCES)
def test_every_guarantee_has_a_sentence(name: str) -> None:
    """Those of ordinary data sets have one in `tests/seed/test_audit.py`."""
    ordinary = {rule.name for rule in ALL_RULES}
    own = [each.name for each in SCENARIOS[name].guarantees if each.name not in ordinary]
    assert sorted(own) == sorted(SENTENCES[name])


@pytest.mark.parametrize("name", SENTENCES)
async def test_every_sentence_is_true(clinics: dict[str, ClinicRows], name: str) -> None:
    clinic = clinics[name]
    assert [rule for rule, each in SENTENCES[name].items() if not each.holds(clinic)] == []
    for rule in OF_ORDINARY_SETS.get(name, ()):
        assert clinic.complaints(rule) == [], rule


@pytest.mark.parametrize("name", SENTENCES)
async def test_a_broken_guarantee_is_named(
    shared: Shared, clinics: dict[str, ClinicRows], name: str
) -> None:
    """Each change of the content makes the sentence wrong, and the audit names it."""
    content, unnoticed = SCENARIOS[name].build(REQUEST), []
    async with transaction(shared) as session:
        connection = await session.connection()
        for rule, sentence in SENTENCES[name].items():
            for number, change in enumerate(sentence.changes):
                changed = translated(change(content), random_key())
                assert not sentence.holds(rows_of_content(changed, AS_OF)), (rule, number)
                async with session.begin_nested() as savepoint:
                    await write_content(session, PASSWORDS, changed)
                    try:
                        await connection.run_sync(audit_clinics, SCENARIOS[name], REQUEST, changed)
                    except AuditFailed as failed:
                        found = failed.violations
                    else:
                        found = {}
                    await savepoint.rollback()
                if rule not in found:
                    unnoticed.append((rule, number))
    assert unnoticed == []

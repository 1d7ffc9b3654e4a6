"""What holds for any input: of the seed as a whole, and of the pure parts that it is made of."""

import re
import unicodedata
from collections import Counter
from datetime import date
from itertools import permutations
from typing import Any

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import given, settings
from hypothesis import strategies as st

from app.seed.constants import MAX_ORGANIZATIONS, MAX_PATIENTS, MAX_RANDOM_SEED, MAX_USERS
from app.seed.data.clinics import CLINIC_PLACES, CLINIC_STYLES
from app.seed.data.names import LAST_NAMES
from app.seed.data.names_by_community import COMMUNITIES
from app.seed.people import names, person
from app.seed.people.patients import NAMESAKE_IN, patient
from app.seed.people.person import Person
from app.seed.randomness import RandomDraws, permuted_cell
from app.seed.request import SeedRequest
from app.seed.seeders.organizations import new_organization
from app.seed.seeders.users import LICENSE_THOUSANDS, new_user
from conftest import NewDatabase, open_app, seed
from seed.made import patients, treatment_plans
from seeded_data.rows import read_rows
from seeded_data.rules import violations
from seeded_data.seeded_set import Volumes

pytestmark = pytest.mark.slow

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
LEAP_DAYS = [date(year, 2, 29) for year in range(2000, 2100, 4)]
TURNING_DAYS = [
    date(year, month, day)
    for year in range(2000, 2100)
    for month, day in ((1, 1), (2, 28), (3, 1), (12, 31))
]

days = st.one_of(
    st.dates(FIRST_DAY, LAST_DAY), st.sampled_from(LEAP_DAYS), st.sampled_from(TURNING_DAYS)
)
random_seeds = st.one_of(
    st.integers(0, MAX_RANDOM_SEED), st.sampled_from([0, 1, 2**31, 2**32, MAX_RANDOM_SEED])
)
volumes = st.integers(1, 30).flatmap(
    lambda users: st.builds(
        Volumes,
        users=st.just(users),
        organizations=st.integers(1, users),
        patients=st.integers(0, 60),
        plans_per_patient=st.integers(3, 5),
        appointment_weeks=st.integers(0, 26),
    )
)
modes = st.sampled_from(["delete", "drop"])


def check_any_seed(database_url: str, examples: int) -> None:
    """Seed one database over and over; the portal keeps the application running in between."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(open_app(database_url)) as client,
    ):

        @settings(max_examples=examples, deadline=None)
        @given(volumes=volumes, random_seed=random_seeds, as_of=days, mode=modes)
        def check(volumes: Volumes, random_seed: int, as_of: date, mode: str) -> None:
            body = {
                "users": volumes.users,
                "organizations": volumes.organizations,
                "patients": volumes.patients,
                "plansPerPatient": volumes.plans_per_patient,
                "appointmentWeeks": volumes.appointment_weeks,
                "randomSeed": random_seed,
                "asOf": as_of.isoformat(),
            }
            seed_from_here(portal, client, f"?reset={mode}", body)
            assert violations(read_rows(database_url), volumes, as_of) == []

        check()


def seed_from_here(
    portal: BlockingPortal, client: httpx.AsyncClient, query: str, body: dict[str, Any]
) -> None:
    async def run() -> None:
        await seed(client, query, **body)

    portal.call(run)


def test_any_valid_input_gives_a_sound_set_on_sqlite(new_sqlite: NewDatabase) -> None:
    """Any volumes, random seed and day pass the audit and break no rule of the domain."""
    check_any_seed(new_sqlite(), examples=10)


def test_any_valid_input_gives_a_sound_set_on_postgresql(new_postgresql: NewDatabase) -> None:
    """The same holds on PostgreSQL."""
    check_any_seed(new_postgresql(), examples=3)


@settings(deadline=None)
@given(
    random_seed=random_seeds,
    kind=st.text(),
    rows=st.integers(1, 60),
    columns=st.integers(1, 60),
    rounds_before=st.integers(0, 3),
)
def test_scattered_visits_every_cell_once(
    random_seed: int, kind: str, rows: int, columns: int, rounds_before: int
) -> None:
    """It maps as many indices as there are cells onto all the cells, round after round."""
    start = rounds_before * rows * columns
    visited = {
        permuted_cell(random_seed, kind, index, rows, columns)
        for index in range(start, start + rows * columns)
    }
    assert visited == {(row, column) for row in range(rows) for column in range(columns)}


@settings(deadline=None)
@given(
    random_seed=random_seeds,
    index=st.integers(0, 2**40),
    options=st.lists(st.integers(), min_size=1, max_size=30, unique=True),
    data=st.data(),
)
def test_a_sample_begins_with_the_shorter_one(
    random_seed: int, index: int, options: list[int], data: st.DataObject
) -> None:
    """Asking for one more keeps those that were drawn before; none is drawn twice."""
    count = data.draw(st.integers(1, len(options)))
    fewer, more = [
        RandomDraws(random_seed, "sample", index).sample(options, each)
        for each in (count - 1, count)
    ]
    assert more[:-1] == fewer
    assert len(set(more)) == count
    assert set(more) <= set(options)


@settings(deadline=None)
@given(
    random_seed=random_seeds,
    limits=st.lists(st.integers(1, 2**40), min_size=1, max_size=40),
    low=st.integers(-1000, 1000),
    width=st.integers(0, 1000),
)
def test_draws_stay_within_their_limits(
    random_seed: int, limits: list[int], low: int, width: int
) -> None:
    """However many are drawn, each is within what was asked for, and is so again."""
    draws, again = RandomDraws(random_seed, "draw", 0), RandomDraws(random_seed, "draw", 0)
    for limit in limits:
        drawn = draws.below(limit)
        assert 0 <= drawn < limit
        assert again.below(limit) == drawn
    assert low <= draws.between(low, low + width) <= low + width


def test_draws_reach_every_option_about_as_often() -> None:
    """Over many rows a choice of six falls on each of them in one case of six."""
    counts = Counter(RandomDraws(2025, "die", index).choice("abcdef") for index in range(6000))
    assert all(850 < counts[option] < 1150 for option in "abcdef")


def test_there_are_as_many_names_and_numbers_as_rows() -> None:
    """No order of distinct things repeats before the largest quantity is reached."""
    cycles = MAX_PATIENTS // names.CYCLE + 1
    for origin in names.weights():
        combinations = sum(rows * columns for rows, columns in origin.sizes())
        assert combinations >= cycles * names.counts()[origin.key], origin.key
    assert 2 * MAX_USERS <= person.SINGLE_NAMES + person.DOUBLE_NAMES
    assert LICENSE_THOUSANDS * 1_000 >= MAX_USERS
    assert len(CLINIC_PLACES) * len(CLINIC_STYLES) >= MAX_ORGANIZATIONS


def test_names_differ_however_they_are_put_together() -> None:
    """Each pair of first and last name is another name, and a hyphen joins only two."""
    singles = {f"{a} {b}".casefold() for a in person.FIRST_NAMES for b in LAST_NAMES}
    assert len(singles) == person.SINGLE_NAMES
    assert not any("-" in name for name in (*person.FIRST_NAMES, *LAST_NAMES))


def test_names_are_of_one_community_and_two_make_another_address() -> None:
    """No two first names, and no name of two of them, have the same letters."""
    first_names = [each for c in COMMUNITIES for names_ in (c.women, c.men) for each in names_]
    last_names = [each for c in COMMUNITIES for each in c.last_names]
    assert not any("-" in name for name in (*first_names, *last_names))
    doubles = [
        f"{one} {other}"
        for c in COMMUNITIES
        for names_ in (c.women, c.men)
        for one, other in permutations(names_, 2)
    ]
    for of in ([*first_names, *doubles], last_names):
        addresses = {Person(name, "A", "female").email("example.org") for name in of}
        assert len(addresses) == len(of)


def test_the_last_person_is_still_another_one() -> None:
    """The places up to the largest quantities are within the order of double names."""
    last_ones = range(MAX_PATIENTS - 10_000, MAX_PATIENTS)
    everyone = [patient(2025, index) for index in (*range(10_000), *last_ones)]
    addresses = Counter(each.email("example.org") for each in everyone)
    assert max(addresses.values()) == 2
    assert len(addresses) == len(everyone) - len(everyone) / NAMESAKE_IN


def test_users_are_distinct_up_to_the_maximum() -> None:
    """Ids, addresses and license numbers of the first and the last users differ."""
    ends = (*range(5_000), *range(MAX_USERS - 5_000, MAX_USERS))
    users = [new_user(2025, index) for index in ends]
    assert len({each for user in users for each in (user.id, user.account_row_id)}) == 2 * len(ends)
    assert len({user.email for user in users}) == len(ends)
    assert len({user.license_number for user in users}) == len(ends)


def test_people_and_addresses_are_distinct_beyond_single_names() -> None:
    """All practitioners, more than there are single names, differ."""
    practitioners = [person.practitioner(2025, index) for index in range(MAX_USERS)]
    assert 2 * len(practitioners) > person.SINGLE_NAMES
    assert len({each.name.casefold() for each in practitioners}) == len(practitioners)
    assert len({each.email("example.com") for each in practitioners}) == len(practitioners)


def test_every_name_has_its_own_address_in_plain_letters() -> None:
    """No letter of a name is lost in its address, and no two names become the same one."""
    of_communities = [each for c in COMMUNITIES for each in (*c.women, *c.men, *c.last_names)]
    for names_ in (person.FIRST_NAMES, LAST_NAMES, of_communities):
        addresses = [Person("A", name, "female").email("example.org") for name in names_]
        assert len(set(addresses)) == len(set(names_))
        for name, address in zip(names_, addresses, strict=True):
            letters = sum(map(str.isalpha, unicodedata.normalize("NFC", name)))
            assert re.fullmatch(rf"a\.[a-z]{{{letters},}}@example\.org", address)


@pytest.mark.parametrize("random_seed", [0, 2025, MAX_RANDOM_SEED])
def test_organizations_are_distinct_up_to_the_maximum(random_seed: int) -> None:
    """A thousand organizations have as many names and slugs, fit for an address."""
    made = [new_organization(random_seed, index) for index in range(MAX_ORGANIZATIONS)]
    assert len({organization.name.casefold() for organization in made}) == len(made)
    assert len({organization.slug for organization in made}) == len(made)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each.slug) for each in made)


@settings(max_examples=20, deadline=None)
@given(volumes=volumes, more=st.integers(1, 40), random_seed=random_seeds, as_of=days)
def test_more_patients_and_plans_leave_the_others_as_they_were(
    volumes: Volumes, more: int, random_seed: int, as_of: date
) -> None:
    """For any request, a larger set contains the smaller one, except for therapists."""
    few, many = (
        SeedRequest(
            users=volumes.users,
            organizations=volumes.organizations,
            patients=count,
            plans_per_patient=plans,
            random_seed=random_seed,
            as_of=as_of,
        )
        for count, plans in (
            (volumes.patients, volumes.plans_per_patient),
            (volumes.patients + more, 5),
        )
    )
    assert list(patients(few)) == list(patients(many))[: volumes.patients]
    kept = {plan["id"]: {**plan, "therapist_id": None} for plan in treatment_plans(many)}
    assert all(kept[plan["id"]] == {**plan, "therapist_id": None} for plan in treatment_plans(few))

"""Patients over HTTP: written down, changed in the version that one read, hidden, shown again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from app.clinic.patients.models import KEYS, Patient, PatientWord
from app.clinic.patients.schemas import CreatePatient, UpdatePatient
from clinic.client import ADA, StaffClient
from conftest import seed
from journeys.commands import shared_on_sqlite

FULL = {
    **ADA,
    "gender": "female",
    "email": "Ada@Example.org",
    "phone": "+61 3 7010 1234",
    "city": "Geelong",
    "emergencyContacts": [{"name": "Bea", "relationship": "Sibling", "phone": "03 5550 1111"}],
    "allergies": ["Latex"],
    "status": "inactive",
    "notes": "Likes to be called by the first name.",
}
CHANGES = [("PUT", ADA | {"city": "Kew"}), ("PATCH", {"city": "Kew"}), ("DELETE", None)]


async def test_what_is_written_down_is_read_again(staff: StaffClient) -> None:
    """As it was typed, under the same ETag."""
    created = await staff.call("POST", "patients", json=FULL)
    assert created.status_code == 201
    assert FULL.items() <= created.json().items()
    read = await staff.call("GET", f"patients/{created.json()['id']}")
    assert read.json() == created.json()
    assert read.headers["ETag"] == created.headers["ETag"]


async def test_replacing_empties_what_is_left_out_and_patching_keeps_it(staff: StaffClient) -> None:
    """PUT is the whole, PATCH a part; an empty part is no change."""
    patient = await staff.patient(**FULL)
    path = f"patients/{patient['id']}"
    patched = await staff.call("PATCH", path, json={"city": "Kew", "phone": None})
    assert patched.json() == patient | {
        "city": "Kew",
        "phone": None,
        "updatedAt": patched.json()["updatedAt"],
    }
    same = await staff.call("PATCH", path, json={})
    assert (same.json(), same.headers["ETag"]) == (patched.json(), patched.headers["ETag"])
    replaced = (await staff.call("PUT", path, json=ADA)).json()
    assert ADA.items() <= replaced.items()
    assert replaced["email"] is None
    assert replaced["allergies"] == replaced["emergencyContacts"] == []
    assert replaced["status"] == "active"


@pytest.mark.parametrize(("method", "body"), CHANGES, ids=[method for method, _ in CHANGES])
async def test_a_change_for_another_version_is_refused(
    staff: StaffClient, method: str, body: dict[str, Any] | None
) -> None:
    """With 412 and the present ETag; that one, a list that has it, `*` and none are fine."""
    created = await staff.call("POST", "patients", json=ADA)
    path, stale = f"patients/{created.json()['id']}", created.headers["ETag"]
    changed = await staff.call("PATCH", path, json={"notes": "New."}, if_match=stale)
    tag = changed.headers["ETag"]
    for wrong in (stale, f"W/{tag}", f'"x", W/{tag}'):
        refused = await staff.call(method, path, json=body, if_match=wrong)
        assert refused.status_code == 412, wrong
        assert refused.headers["ETag"] == tag
        assert "Read it again" in refused.json()["detail"]
    assert await staff.read(path) == changed.json()
    done = await staff.call(method, path, json=body, if_match=f'"other", {tag}')
    assert done.status_code in {200, 204}


@shared_on_sqlite
async def test_a_malformed_version_is_not_reported_as_stale(staff: StaffClient) -> None:
    """An ETag is sent with its quotes; without them it is refused, and nothing is changed."""
    created = await staff.call("POST", "patients", json=ADA)
    path, tag = f"patients/{created.json()['id']}", created.headers["ETag"]
    for method, body in CHANGES:
        for wrong in (tag.strip('"'), tag[:-1], f"{tag} {tag}", f"*, {tag}", "null", ""):
            refused = await staff.call(method, path, json=body, if_match=wrong)
            assert refused.status_code == 400, wrong
            assert "with its quotes" in refused.json()["detail"]
    assert await staff.read(path) == created.json()


@shared_on_sqlite
@pytest.mark.parametrize("if_match", ["*", None])
async def test_a_change_may_be_for_any_version(staff: StaffClient, if_match: str | None) -> None:
    """The header is optional."""
    patient = await staff.patient()
    for method, body in CHANGES:
        done = await staff.call(method, f"patients/{patient['id']}", json=body, if_match=if_match)
        assert done.status_code in {200, 204}


@pytest.mark.parametrize("kind", ["patients", "treatment-plans"])
async def test_restoring_is_for_the_version_that_was_hidden(staff: StaffClient, kind: str) -> None:
    """The response to a deletion has its ETag; an older one is stale."""
    patient = await staff.patient()
    held = patient if kind == "patients" else await staff.plan(patient)
    path = f"{kind}/{held['id']}"
    before = (await staff.call("GET", path)).headers["ETag"]
    hidden = (await staff.call("DELETE", path)).headers["ETag"]
    stale = await staff.call("POST", f"{path}/restore", if_match=before)
    assert stale.status_code == 412
    assert stale.headers["ETag"] == hidden
    restored = await staff.call("POST", f"{path}/restore", if_match=hidden)
    assert restored.status_code == 200
    assert await staff.read(path) == restored.json()


async def test_who_is_deleted_is_hidden_with_all_plans_and_can_be_restored(
    staff: StaffClient,
) -> None:
    """Nowhere to be seen but among the deleted, and as before when restored."""
    patient = await staff.patient()
    plan = await staff.plan(patient)
    path, plan_path = f"patients/{patient['id']}", f"treatment-plans/{plan['id']}"
    assert (await staff.call("POST", f"{path}/restore")).status_code == 404
    assert (await staff.call("DELETE", path)).status_code == 204
    for gone in (path, plan_path):
        for method, body in (("GET", None), ("PATCH", {"notes": "x"}), ("DELETE", None)):
            assert (await staff.call(method, gone, json=body)).status_code == 404
    for kind, deleted in (("patients", False), ("treatment-plans", False), ("treatment-plans", 1)):
        assert (await staff.read(kind, deleted=deleted))["items"] == []
    refused = await staff.call("POST", "treatment-plans", json=staff.course(patient))
    assert refused.status_code == 404
    (hidden,) = (await staff.read("patients", deleted=True))["items"]
    assert hidden["id"] == patient["id"]
    assert hidden["deletedAt"]
    restored = await staff.call("POST", f"{path}/restore")
    assert restored.status_code == 200
    assert restored.json() == patient | {"updatedAt": restored.json()["updatedAt"]}
    assert await staff.read(plan_path) == plan
    assert (await staff.read("patients", deleted=True))["items"] == []


async def test_the_list_is_filtered_by_status_and_therapist(staff: StaffClient) -> None:
    """A therapist has the patients of the plans that are not deleted, each once."""
    treated, other = await staff.patient(), await staff.patient(status="archived")
    plans = [await staff.plan(treated), await staff.plan(treated)]
    me = str(staff.person.id)

    async def found(**query: Any) -> list[str]:
        return [row["id"] for row in (await staff.read("patients", **query))["items"]]

    assert await found(status="archived") == [other["id"]]
    assert await found(status="active") == [treated["id"]]
    assert await found(therapistId=me) == [treated["id"]]
    assert await found(therapistId=other["id"]) == []
    assert await found(therapistId=me, search="any", status="archived") == []
    for plan in plans:
        await staff.call("DELETE", f"treatment-plans/{plan['id']}")
    assert await found(therapistId=me) == []


@shared_on_sqlite
@pytest.mark.parametrize(
    ("body", "name"),
    [
        (r'{"firstName": "\ud800"}', "`firstName`"),
        (r'{"firstName": "Ada", "lastName": "\ud83dnybody"}', "`lastName`"),
        (r'{"firstName": "\udc00\ud800"}', "`firstName`"),
        (r'{"emergencyContacts": [{}, {"name": "\udfff"}]}', "`emergencyContacts[1].name`"),
        (r'{"allergies": ["Latex \ud83e\udd27", "\ud83e"]}', "`allergies[1]`"),
        (r'{"\ud800": 1}', "the body"),
        (r'"\ud800"', "the body"),
    ],
)
async def test_a_text_that_holds_half_a_character_is_named(
    staff: StaffClient, body: str, name: str
) -> None:
    """JSON writes some characters as two escapes; one without the other is no text."""
    refused = await staff.call("POST", "patients", content=body)
    assert refused.status_code == 400
    begin = f"Nothing was changed. Please correct {name}: it has half a character: "
    assert refused.json()["detail"].startswith(begin)


@shared_on_sqlite
@pytest.mark.parametrize(
    "body", [b"{", b'{"firstName": "\\u12"}', b'"\xff"', b'{"a": "\\ud800", ' + b"[" * 60_000]
)
async def test_a_body_that_is_no_json_is_said_to_be_none(staff: StaffClient, body: bytes) -> None:
    """With what is wrong with it."""
    refused = await staff.call("POST", "patients", content=body)
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith("Nothing was changed. The body is not valid JSON (")
    assert refused.json()["detail"].endswith(").")


def test_a_change_has_the_fields_of_a_patient() -> None:
    """What can be written down can be changed."""
    assert UpdatePatient.__struct_fields__ == CreatePatient.__struct_fields__


@shared_on_sqlite
async def test_a_patient_was_born_before_everything_else(staff: StaffClient) -> None:
    """Before today, and before each plan starts or is prescribed, be the plan deleted."""
    today = datetime.now(UTC).date()
    for born in (today, today + timedelta(days=1)):
        refused = await staff.call("POST", "patients", json=ADA | {"dateOfBirth": str(born)})
        assert refused.status_code == 400
        assert "`dateOfBirth`: it must be before today" in refused.json()["detail"]
    patient = await staff.patient(dateOfBirth=str(today - timedelta(days=1)))
    path = f"patients/{patient['id']}"
    assert (await staff.call("PATCH", path, json={"dateOfBirth": "1990-01-01"})).status_code == 200
    plan = await staff.plan(patient, prescriptionDate="2019-12-01")
    await staff.plan(patient)
    await staff.call("DELETE", f"treatment-plans/{plan['id']}")
    before = await staff.read(path)
    refused = await staff.call("PATCH", path, json={"dateOfBirth": "2019-12-01"})
    assert refused.status_code == 400
    assert "before 2019-12-01, when a treatment plan" in refused.json()["detail"]
    assert await staff.read(path) == before
    assert (await staff.call("PATCH", path, json={"dateOfBirth": "2019-11-30"})).status_code == 200


async def test_the_seed_and_the_api_write_the_same_keys(staff: StaffClient) -> None:
    """Created, changed, replaced or seeded: the search columns are those that the rules give."""
    created = await staff.patient(**FULL)
    changed = await staff.patient()
    await staff.call("PATCH", f"patients/{changed['id']}", json=FULL)
    replaced = await staff.patient(firstName="Bea", email="b@example.org", phone="1")
    await staff.call("PUT", f"patients/{replaced['id']}", json=FULL)
    ids = [row["id"] for row in (created, changed, replaced)]
    async with staff.backend.session() as session:
        rows = [row.model_dump() for row in await session.exec(select(Patient))]
    assert all(row[name] == key(row) for row in rows for name, key in KEYS.items())
    await assert_words_are_those_of(staff, rows)
    mine = [{name: row[name] for name in KEYS} for row in rows if str(row["id"]) in ids]
    assert (
        mine
        == [
            {
                "name_key": "anybody ada",
                "search_words": " 0370101234 1234 70101234 adaexampleorg anybody",
            }
        ]
        * 3
    )


async def test_seeded_patients_have_the_keys_of_their_names(staff: StaffClient) -> None:
    """The seed writes past the services, and none the less as they do."""
    await seed(staff.backend.client, users=1, organizations=1, patients=5)
    async with staff.backend.session() as session:
        seeded = (await session.exec(select(Patient).order_by(col(Patient.id)))).all()
    rows = [row.model_dump() for row in seeded]
    assert len(rows) == 5
    assert all(row[name] == key(row) for row in rows for name, key in KEYS.items())
    assert all(row[name] for row in rows for name in KEYS)
    await assert_words_are_those_of(staff, rows)


async def assert_words_are_those_of(staff: StaffClient, patients: list[dict[str, Any]]) -> None:
    """The table that is searched has the words of each patient, and no others of theirs."""
    ids = [row["id"] for row in patients]
    async with staff.backend.session() as session:
        found = await session.exec(select(PatientWord).where(col(PatientWord.patient_id).in_(ids)))
        words = [(row.organization_id, row.word, row.patient_id) for row in found]
    expected = [
        (row["organization_id"], word, row["id"])
        for row in patients
        for word in row["search_words"].split()
    ]
    assert sorted(words) == sorted(expected)

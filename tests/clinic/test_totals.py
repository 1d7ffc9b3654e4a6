"""The total of a list: the rows of all its pages, with any filters."""

from typing import Any

import pytest

from auth.clinics import Backend
from clinic.client import StaffClient, open_staff_client

LISTS = ("patients", "treatment-plans")


@pytest.fixture(scope="module")
async def filled(backend: Backend) -> StaffClient:
    """Create patients and plans of several kinds, some of them deleted."""
    staff = await open_staff_client(backend)
    for number in range(6):
        patient = await staff.patient(
            firstName=f"Ada{number}",
            lastName="Archived" if number % 2 else "Anybody",
            status="archived" if number % 2 else "active",
            dateOfBirth=f"19{number}0-06-15",
        )
        first = await staff.plan(patient, diagnosis="Sprain", status="ongoing")
        await staff.plan(patient, diagnosis="sprain")
        if number in {1, 2}:
            await staff.call("DELETE", f"treatment-plans/{first['id']}")
        if number in {2, 5}:
            await staff.call("DELETE", f"patients/{patient['id']}")
    return staff


@pytest.mark.parametrize("deleted", [False, True])
@pytest.mark.parametrize("path", LISTS)
async def test_the_total_is_the_number_of_rows_of_all_pages(
    filled: StaffClient, path: str, deleted: bool
) -> None:
    """With each filter alone and with all together, and on every page."""
    [patient, *others] = (await filled.read("patients"))["items"]
    filters: dict[str, Any] = {"search": "ada", "therapistId": str(filled.person.id)}
    if path == "patients":
        filters |= {"status": "active", "bornFrom": "1910-06-15", "bornTo": "1940-06-15"}
        filters |= {"ids": [each["id"] for each in (patient, *others)]}
    else:
        filters |= {"status": "ongoing", "diagnosis": "Sprain", "patientId": patient["id"]}
    totals = []
    for filtered in ({}, *({name: value} for name, value in filters.items()), filters):
        query = {**filtered, "deleted": deleted}
        pages = await filled.all_pages(path, **query, limit=2)
        first = await filled.read(path, **query, limit=2, includeTotal=True)
        assert first["total"] == sum(map(len, pages)), query
        totals.append(first["total"])
        if first["next"]:
            second = await filled.read(
                path, **query, limit=2, cursor=first["next"], includeTotal=True
            )
            assert second["total"] == first["total"]
    # A filter that finds all or nothing would prove nothing.
    assert len(set(totals)) > 1
    assert (
        totals[0]
        == {
            ("patients", False): 4,
            ("patients", True): 2,
            ("treatment-plans", False): 7,
            ("treatment-plans", True): 1,
        }[path, deleted]
    )


@pytest.mark.parametrize("path", LISTS)
async def test_a_page_has_no_total_unless_it_is_asked_for(filled: StaffClient, path: str) -> None:
    """Nothing changes for clients that do not know of it."""
    for query in ({}, {"includeTotal": False}):
        assert (await filled.read(path, **query)).keys() == {"items", "next"}


async def test_no_rows_have_the_total_zero(staff: StaffClient) -> None:
    """It is a number, not absent."""
    for path in LISTS:
        for query in ({}, {"search": "nobody"}, {"search": "-"}):
            page = await staff.read(path, **query, includeTotal=True)
            assert page == {"items": [], "next": None, "total": 0}


async def test_patients_are_filtered_by_date_of_birth_and_id(filled: StaffClient) -> None:
    """Both dates are included; ids of other rows find nothing."""
    found = (await filled.read("patients", bornFrom="1910-06-15", bornTo="1930-06-15"))["items"]
    assert [row["dateOfBirth"] for row in found] == ["1910-06-15", "1930-06-15"]
    ids = [row["id"] for row in found]
    listed = await filled.read("patients", ids=[*ids, str(filled.organization_id)])
    assert listed["items"] == found
    assert (await filled.read("patients", ids=[str(filled.person.id)]))["items"] == []
    refused = await filled.call("GET", "patients", params={"ids": ids * 101})
    assert refused.status_code == 400
    assert "`ids`" in refused.json()["detail"]


async def test_plans_are_filtered_by_their_exact_diagnosis(filled: StaffClient) -> None:
    """Case counts, so that the number of plans is that of the statistics."""
    for diagnosis, number in (("Sprain", 3), ("sprain", 4), ("Sprai", 0)):
        page = await filled.read("treatment-plans", diagnosis=diagnosis, includeTotal=True)
        assert page["total"] == number
        assert {plan["diagnosis"] for plan in page["items"]} <= {diagnosis}


@pytest.mark.parametrize("path", LISTS)
async def test_a_deleted_row_is_returned_on_request(staff: StaffClient, path: str) -> None:
    """Only a deleted one: `deleted` never widens what is found."""
    patient = await staff.patient()
    row = patient if path == "patients" else await staff.plan(patient)
    address = f"{path}/{row['id']}"

    async def find(**query: Any) -> int:
        return (await staff.call("GET", address, params=query)).status_code

    assert (await find(), await find(deleted=True)) == (200, 404)
    hidden = (await staff.call("DELETE", address)).headers["ETag"]
    assert (await find(), await find(deleted=True)) == (404, 200)
    found = await staff.call("GET", address, params={"deleted": True})
    assert found.headers["ETag"] == hidden
    assert found.json()["deletedAt"]

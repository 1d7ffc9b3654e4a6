"""What a kind of row is expected to have is what it has, or close to it where chance decides."""

import pytest

from app.seed.kinds import KINDS
from app.seed.request import SeedRequest
from seed.made import made


@pytest.mark.parametrize("users", [500, 2_000])
def test_what_varies_is_expected_within_a_few_percent(users: int) -> None:
    """The mean is close to what many practitioners have."""
    request = SeedRequest(users=users, appointment_weeks=0)
    varying = [kind for kind in KINDS if not kind.is_exact]
    assert varying
    for kind in varying:
        rows = sum(1 for _ in made(kind.name, request))
        assert rows == pytest.approx(kind.expected(request), rel=0.03)


@pytest.mark.parametrize("weeks", [1, 4, 26])
@pytest.mark.parametrize("patients", [20, 60, 600])
def test_appointments_are_estimated(patients: int, weeks: int) -> None:
    """Both when patients are few and when practitioners are busy, a fifth more or less."""
    request = SeedRequest(users=20, patients=patients, appointment_weeks=weeks)
    [kind] = [kind for kind in KINDS if kind.name == "appointments"]
    rows = sum(1 for _ in made(kind.name, request))
    assert rows == pytest.approx(kind.expected(request), rel=0.2)

"""What a kind of row is expected to have is what it has, or close to it where chance decides."""

import pytest

from app.seed.kinds import KINDS
from app.seed.request import SeedRequest
from seed.made import made


@pytest.mark.parametrize("users", [500, 2_000])
def test_what_varies_is_expected_within_a_few_percent(users: int) -> None:
    """The mean is close to what many practitioners have."""
    request = SeedRequest(users=users)
    varying = [kind for kind in KINDS if not kind.is_exact]
    assert varying
    for kind in varying:
        rows = sum(1 for _ in made(kind.name, request))
        assert rows == pytest.approx(kind.expected(request), rel=0.03)

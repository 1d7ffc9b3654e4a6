"""What a step is expected to write is what it writes, or close to it where chance decides."""

import pytest

from app.seed.expected import rows_expected
from app.seed.kinds import LOADED
from app.seed.request import SeedRequest
from app.seed.run import SEEDERS
from app.web.schemas import wire_name
from seed.made import availability_exceptions, weekly_templates

VARYING = {"weeklyTemplates", "availabilityExceptions"}


def test_every_kind_of_row_has_an_expectation() -> None:
    """A step that is new has to say what it will write."""
    steps = [*(name for name, _ in SEEDERS), *(wire_name(kind.name) for kind in LOADED)]
    assert rows_expected(SeedRequest()).keys() == set(steps)


@pytest.mark.parametrize("users", [500, 2_000])
def test_what_varies_is_expected_within_a_few_percent(users: int) -> None:
    """The mean is close to what many practitioners have."""
    request = SeedRequest(users=users)
    expected = rows_expected(request)
    for kind, rows in (
        ("weeklyTemplates", weekly_templates(request)),
        ("availabilityExceptions", availability_exceptions(request)),
    ):
        assert sum(1 for _ in rows) == pytest.approx(expected[kind], rel=0.03)

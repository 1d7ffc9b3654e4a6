"""The API would accept the rows of each scenario, for any random seed and any date."""

from datetime import date

import pytest
from hypothesis import given, settings

from app.seed.scenarios.catalogue import SCENARIOS
from app.seed.scenarios.clinic import clinic_request
from seed.test_properties import days, random_seeds


@pytest.mark.parametrize("name", SCENARIOS)
@settings(max_examples=20, deadline=None)
@given(random_seed=random_seeds, as_of=days)
def test_rows_obey_the_rules_of_the_api(name: str, random_seed: int, as_of: date) -> None:
    """`build` checks them. Ids, email addresses and slugs are distinct as well."""
    content = SCENARIOS[name].build(clinic_request(random_seed, as_of))
    ids = [row["id"] for rows in content.rows.values() for row in rows]
    assert len({*ids}) == len(ids)
    assert len({user.email for user in content.users}) == len(content.users)
    assert len({each.slug for each, _ in content.organizations}) == len(content.organizations)

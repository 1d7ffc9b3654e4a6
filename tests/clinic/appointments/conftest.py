"""A desk of the test's own."""

import pytest

from auth.clinics import Backend
from clinic.appointments.desks import Desk, open_desk


@pytest.fixture
async def desk(backend: Backend) -> Desk:
    return await open_desk(backend)

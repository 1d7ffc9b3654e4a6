"""What a test needs of the machine, and what becomes of it where that is lacking."""

import os
from typing import NoReturn

import pytest


def lacking(what: str) -> NoReturn:
    """Skip the test, or fail it where the environment says that nothing may be lacking."""
    if os.environ.get("REQUIRE_EVERYTHING"):
        pytest.fail(what)
    pytest.skip(what)

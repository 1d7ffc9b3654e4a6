"""How each kind of caller fares with a page of the console."""

from typing import Any

from tenancy.cases import READS, Outcome, allowed, members, signed_in

# Redirected to the page where people sign in.
LED_ON = allowed(status=303)
NO_ACTIVE = Outcome(status=400)
NOT_YOURS = Outcome(status=403)
NOTHING = Outcome(status=404)
NOT_SIGNED_IN = Outcome(status=401)


def of_the_clinic(done: Outcome = READS) -> dict[Any, Outcome]:
    """Say of something of the clinic that all its members may see or do it."""
    return members(
        others=NO_ACTIVE, nobody=LED_ON, outsider=NOTHING, member=done, admin=done, owner=done
    )


def of_the_caller() -> dict[Any, Outcome]:
    return signed_in(READS, nobody=LED_ON, stranger=NO_ACTIVE)

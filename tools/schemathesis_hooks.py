"""What schemathesis cannot know when it calls Seedbed: small quantities, and many callers."""

import atexit
from collections import Counter
from itertools import count
from typing import Any, cast

import schemathesis
from schemathesis import Case, HookContext, Response

# Valid as they are, the largest quantities of the document take minutes.
CAPS = {"users": 12, "organizations": 4, "patients": 30}
CALLS_FROM_ONE_ADDRESS = 300
CALLS_THAT_ASK_FOR_A_STREAM = 5
SIGN_UPS_WITH_ONE_EMAIL = 2
LONGEST_EMAIL = 254

AnyCase = Case[Any]
calls = count()
seeds = count()
answers: Counter[int] = Counter()
sign_ups: Counter[str] = Counter()


@schemathesis.hook
def before_call(context: HookContext, case: AnyCase, _kwargs: dict[str, Any]) -> None:
    """Make a call bearable; what is invalid stays so, and is sent as it is."""
    # The limits on signing in and up count addresses: of few callers, they would refuse all.
    caller = next(calls) // CALLS_FROM_ONE_ADDRESS
    case.headers["X-Forwarded-For"] = f"10.{caller >> 16}.{caller >> 8 & 255}.{caller & 255}"
    operation = context.operation.definition.raw.get("operationId") if context.operation else None
    if operation == "seedDatabase":
        if next(seeds) % CALLS_THAT_ASK_FOR_A_STREAM == 0:
            case.headers["Accept"] = "application/x-ndjson"
        if is_valid(case) and isinstance(case.body, dict):
            cap(case.body)
    elif operation == "signUp" and is_valid(case):
        make_new(cast("dict[str, Any]", case.body))


@schemathesis.hook
def after_call(_context: HookContext, _case: AnyCase, response: Response) -> None:
    answers[response.status_code] += 1


@atexit.register
def tell_answers() -> None:
    print("Answers:", ", ".join(f"{number} x {code}" for code, number in sorted(answers.items())))


def is_valid(case: AnyCase) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


def cap(quantities: dict[str, Any]) -> None:
    """Keep quantities small, and give each organization the owner that no schema can ask for."""
    for name, most in CAPS.items():
        if name in quantities:
            quantities[name] = min(quantities[name], most)
    least = quantities.get("organizations", 3)
    if quantities.get("users", 10) < least:
        quantities["users"] = least


def make_new(person: dict[str, Any]) -> None:
    """Let an e-mail be taken once, then use another; generators repeat themselves."""
    email = person["email"]
    sign_ups[email] += 1
    if sign_ups[email] > SIGN_UPS_WITH_ONE_EMAIL:
        person["email"] = f"{sign_ups[email]}-{email}"[-LONGEST_EMAIL:]

"""Hooks for schemathesis: sign requests in, use existing rows, and limit quantities."""

import atexit
import json
import os
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any

import schemathesis
from schemathesis import AuthContext, Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData

from app.auth.passwords import MAX_LENGTH, MIN_LENGTH, nfkc
from app.seed.constants import PASSWORD
from app.web.body_checks import NUL
from fuzz_quantities import cap, cap_clinic
from fuzz_sample import SHORT, is_new, is_valid, sample
from fuzz_scene import NAMES, Scene, Stage, free_hours

CALLS_FROM_ONE_ADDRESS = 300
CALLS_PER_STREAM = 5
SIGN_UPS_WITH_ONE_EMAIL = 2
HAS_ALL_APPOINTMENTS = {"startDate": "2000-01-01", "numberOfSessions": 100}  # of any plan
LONGEST_EMAIL = 254
REAL_ROWS = 0.75
TO_BE_SIGNED_IN = "Bearer to be signed in"
CALLERS = {
    "acceptInvitation": "invited",
    "getInvitation": "invited",
    "leaveOrganization": "member",
    "rejectInvitation": "invited",
}
# Operations after which tokens, or users and rows, are not valid any more.
ENDS_SESSIONS = {
    "createOrganization",
    "revokeSession",
    "revokeSessions",
    "setActiveOrganization",
    "signOut",
}
ENDS_SCENE = {
    "acceptInvitation",
    "cancelInvitation",
    "changePassword",
    "deleteException",
    "deleteOrganization",
    "deletePatient",
    "deleteRoom",
    "deleteTemplate",
    "deleteTreatmentPlan",
    "leaveOrganization",
    "restoreSnapshot",
    "updateAppointmentStatus",
    "updateTreatmentPlanStatus",
    "rejectInvitation",
    "removeMember",
    "updateMemberRole",
    "updateOrganization",
}
OF_A_SNAPSHOT = {"deleteSnapshot", "listChanges", "restoreSnapshot"}
# Errors of the request itself; all others depend on the data.
REQUEST_ERRORS = {
    None,
    "INVALID_EMAIL",
    "PASSWORD_TOO_LONG",
    "PASSWORD_TOO_SHORT",
    "ROLE_NOT_FOUND",
    "VALIDATION_ERROR",
}
# Messages about fields that are valid alone but not together.
RULE = re.compile(
    r"must (not )?be (after|before|in|on|given|a date|an ISO 8601 date|a whole id|so early)\b"
    "|is only possible"
)
ACCEPTED = {200, 201, 204}

AnyCase = Case[Any]
calls = count()
seeds = count()
hours = count()
responses: defaultdict[str, Counter[int]] = defaultdict(Counter)
sign_ups: Counter[str] = Counter()
chance = Random(1)  # noqa: S311 - a run depends on its seed only
stage = Stage()


@schemathesis.auth(refresh_interval=None)
class SignedInAuth:
    """Mark requests to be signed in later, because a token might be invalid when it is sent."""

    def get(self, _case: AnyCase, context: AuthContext) -> str | None:
        return TO_BE_SIGNED_IN if "security" in context.operation.definition.raw else None

    def set(self, case: AnyCase, data: str, _context: AuthContext) -> None:
        case.headers["Authorization"] = data


@schemathesis.hook
def before_add_examples(context: HookContext, examples: list[AnyCase]) -> None:
    if SHORT in os.environ:
        examples[:] = sample(operation_id(context), examples)


@schemathesis.hook
def filter_case(context: HookContext, case: AnyCase) -> bool:
    return SHORT not in os.environ or is_new(operation_id(context), case)


@schemathesis.hook
def before_call(context: HookContext, case: AnyCase, _kwargs: dict[str, Any]) -> None:
    """Make a valid request acceptable. An invalid one is sent as it is."""
    # With few client addresses, the limits on sign-in and sign-up would reject most requests.
    caller = next(calls) // CALLS_FROM_ONE_ADDRESS
    case.headers["X-Forwarded-For"] = f"10.{caller >> 16}.{caller >> 8 & 255}.{caller & 255}"
    operation = operation_id(context)
    if case.headers.get("Authorization") == TO_BE_SIGNED_IN:
        sign_in(operation, case)
    if operation == "seedDatabase" and next(seeds) % CALLS_PER_STREAM == 0:
        case.headers["Accept"] = "application/x-ndjson"
    if is_valid(case):
        make_acceptable(operation, case)


@schemathesis.hook
def after_call(context: HookContext, _case: AnyCase, response: Response) -> None:
    # The document has no OPTIONS operations.
    is_options = response.request.method == "OPTIONS"
    operation = "OPTIONS" if is_options else operation_id(context)
    responses[operation][response.status_code] += 1
    if response.status_code in ACCEPTED:
        end(operation)


@schemathesis.hook
def filter_failure(
    _context: HookContext, failure: Failure, _case: AnyCase, response: Response
) -> bool:
    """Ignore the rejection of a valid request that depends on the data."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    return code_of(response) in REQUEST_ERRORS and not RULE.search(response.json()["detail"])


@atexit.register
def print_responses() -> None:
    for operation, codes in sorted(responses.items()):
        print(f"{operation}: {listed(codes)}")
    print("Responses:", listed(sum(responses.values(), Counter())))
    never = [operation for operation in responses if not was_accepted(operation)]
    print("Never accepted:", ", ".join(sorted(never)) or "none")


def listed(codes: Counter[int]) -> str:
    return ", ".join(f"{number} x {code}" for code, number in sorted(codes.items()))


def operation_id(context: HookContext) -> str:
    return context.operation.definition.raw["operationId"] if context.operation else ""


def code_of(response: Response) -> str | None:
    code: str | None = response.json().get("code")
    return code


def is_chained(case: AnyCase) -> bool:
    return case.meta is not None and case.meta.phase.name is TestPhase.STATEFUL


def is_example(case: AnyCase) -> bool:
    return case.meta is not None and case.meta.phase.name is TestPhase.EXAMPLES


def was_accepted(operation: str) -> bool:
    return not ACCEPTED.isdisjoint(responses[operation])


def end(operation: str) -> None:
    if operation == "seedDatabase":
        stage.clear()
    elif operation in ENDS_SCENE:
        stage.end_scene()
    elif operation in ENDS_SESSIONS:
        stage.end_sessions()


def scene_of(case: AnyCase) -> Scene:
    return stage.scene(case.operation.base_url or "")


def sign_in(operation: str, case: AnyCase) -> None:
    """Sign in the usual user of an operation.

    After the operation was accepted, use sometimes another user or none.
    """
    usual = CALLERS.get(operation, "owner")
    may_be_refused = was_accepted(operation) and not is_example(case)
    others = ["admin", "member", "invited", None] if may_be_refused else []
    person = chance.choice([*[usual] * 7, *others])
    if person is None:
        del case.headers["Authorization"]
    else:
        case.headers["Authorization"] = f"Bearer {scene_of(case).token(person)}"


def make_acceptable(operation: str, case: AnyCase) -> None:
    body = case.body if isinstance(case.body, dict) else {}
    fit_passwords(body)
    if operation == "seedDatabase":
        cap(body)
    elif operation == "addClinic":
        cap_clinic(body)
    elif operation == "signUp":
        make_email_unique(body)
    else:
        remove_nul(body)
        # Only a response has a valid cursor.
        case.query.pop("cursor", None)
        needs_rows = is_example(case) or not (was_accepted(operation) or is_chained(case))
        if needs_rows or (not is_chained(case) and chance.random() < REAL_ROWS):
            use_existing_rows(operation, case, body)


def use_existing_rows(operation: str, case: AnyCase, body: dict[str, Any]) -> None:
    """Use ids of existing rows in a valid request."""
    if operation == "signIn":
        body |= {"email": scene_of(case).emails["owner"], "password": PASSWORD}
    if operation == "verifyPassword":
        body["password"] = PASSWORD
    avoid_conflicts(operation, case, body)
    if operation == "setClock":
        # At another time the sessions of the scene have ended.
        body["now"] = datetime.now(UTC).isoformat()
    if operation in OF_A_SNAPSHOT:
        # The snapshot of the seed stays, so that a restore has something to undo.
        is_new = operation == "deleteSnapshot"
        case.path_parameters["name"] = scene_of(case).snapshot(is_new=is_new)
    if operation == "removeClinic":
        case.path_parameters["organization_id"] = scene_of(case).new_clinic()
    find = scene_of(case).deleted if operation.startswith("restore") else scene_of(case).value
    for fields in (body, case.query, case.path_parameters):
        for name in {each for each in fields.keys() & NAMES if fields[each] is not None}:
            fields[name] = find(name)
    if "If-Match" in case.headers:
        case.headers["If-Match"] = "*"


def avoid_conflicts(operation: str, case: AnyCase, body: dict[str, Any]) -> None:
    if operation in {"createTemplate", "replaceTemplate"}:
        body |= free_hours(next(hours))
    if operation == "replaceTemplate":
        case.query["force"] = "true"  # there may be appointments in the old hours
    if operation == "replaceAppointmentType":
        body["code"] = f"CODE_{next(hours)}"  # otherwise that of another type
    if operation == "replaceTreatmentPlan" and "endDate" not in body:
        body |= HAS_ALL_APPOINTMENTS
    if operation == "createAppointment":
        body |= scene_of(case).free_time()
        body.pop("endTime", None)


def fit_passwords(body: dict[str, Any]) -> None:
    """Replace passwords whose NFKC form is too short or too long."""
    for name in body.keys() & {"password", "currentPassword", "newPassword"}:
        length = len(nfkc(body[name]))
        if not MIN_LENGTH <= length <= MAX_LENGTH:
            body[name] = PASSWORD


def remove_nul(body: dict[str, Any]) -> None:
    """Remove NUL from metadata at any depth."""
    for fields in (body, body.get("data", {})):
        if "metadata" in fields:
            text = json.dumps(fields["metadata"]).encode()
            fields["metadata"] = json.loads(NUL.sub(b"", text))


def make_email_unique(person: dict[str, Any]) -> None:
    """Use an email address twice, then another one; generators repeat themselves."""
    email = person["email"]
    sign_ups[email] += 1
    if sign_ups[email] > SIGN_UPS_WITH_ONE_EMAIL:
        person["email"] = f"{sign_ups[email]}-{email}"[-LONGEST_EMAIL:]

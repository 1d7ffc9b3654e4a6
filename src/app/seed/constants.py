"""How much the seed makes unless a request asks for another quantity, and how far it may ask."""

PASSWORD = "Password123"  # noqa: S105 - public on purpose: every tester signs in with it
MAX_HASHES = 100  # of so many users each has one of its own, of more all have the same

ORGANIZATIONS = 3
USERS = 10
PATIENTS = 20
PLANS_PER_PATIENT = 3
RANDOM_SEED = 2025

MAX_ORGANIZATIONS = 1_000
MAX_USERS = 100_000
MAX_PATIENTS = 2_000_000
MIN_PLANS_PER_PATIENT = 3
MAX_PLANS_PER_PATIENT = 5
MAX_RANDOM_SEED = 2**53 - 1  # the largest integer that JavaScript reads exactly
FIRST_AS_OF = "2000-01-01"
LAST_AS_OF = "2099-12-31"
AS_OF_PATTERN = "^20[0-9]{2}-"

MIN_TEMPLATES_PER_USER = 3
MAX_TEMPLATES_PER_USER = 5
MIN_EXCEPTIONS_PER_USER = 2
MAX_EXCEPTIONS_PER_USER = 4
EXCEPTION_DAYS = 90

MAX_IDS_IN_SUMMARY = 1_000
# From so many rows on, processes of their own make them, and indexes wait until they are there.
LARGE = 20_000

"""Phone numbers that are reserved for fiction: (03) 7010 xxxx and (03) 5550 xxxx.

The Australian Communications and Media Authority reserves these two ranges for radio, books, film
and television. All numbers have a fixed random order. Practitioners use it from its beginning,
patients and their contacts from its end, so all are distinct until the order is used up.
"""

from app.seed.randomness import permuted_cell

PREFIXES = ("+61 3 7010 ", "+61 3 5550 ")
RANGE = 20_000
CONTACTS_PER_PATIENT = 2


def practitioner_phone(random_seed: int, index: int) -> str:
    return _phone(random_seed, index)


def patient_phone(random_seed: int, index: int) -> str:
    return _phone(random_seed, -1 - index * (1 + CONTACTS_PER_PATIENT))


def contact_phone(random_seed: int, index: int, contact: int) -> str:
    return _phone(random_seed, -2 - contact - index * (1 + CONTACTS_PER_PATIENT))


def _phone(random_seed: int, place: int) -> str:
    hundreds, rest = permuted_cell(random_seed, "phones", place % RANGE, RANGE // 100, 100)
    block, number = divmod(hundreds * 100 + rest, RANGE // len(PREFIXES))
    return f"{PREFIXES[block]}{number:04}"

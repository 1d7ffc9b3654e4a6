"""Phone numbers that are reserved for fiction.

The Australian Communications and Media Authority reserves two ranges in Victoria, (03) 7010 xxxx
and (03) 5550 xxxx, and 30 mobile numbers for radio, books, film and television. Patients have
mobile numbers, so these are repeated from the 31st patient on. All landline numbers have a fixed
random order. Practitioners use it from its beginning, contacts and patients without a mobile number
from its end, so all are distinct until the order is used up.
"""

from app.seed.randomness import permuted_cell

PREFIXES = ("+61 3 7010 ", "+61 3 5550 ")
RANGE = 20_000
CONTACTS_PER_PATIENT = 2
MOBILE_PREFIX = "+61 491 57"
MOBILES = tuple(
    f"{MOBILE_PREFIX}{end}"
    for end in (
        *("0 006", "0 110", "0 156", "0 157", "0 158", "0 159", "0 313", "0 737", "1 266", "1 491"),
        *("1 804", "2 549", "2 665", "2 983", "3 087", "3 770", "4 118", "4 632", "5 254", "5 789"),
        *("6 398", "6 801", "7 426", "7 644", "8 148", "8 888", "8 957", "9 212", "9 455", "9 760"),
    )
)
ROWS, COLUMNS = 6, 5


def practitioner_phone(random_seed: int, index: int) -> str:
    return _phone(random_seed, index)


def patient_mobile(random_seed: int, index: int) -> str:
    row, column = permuted_cell(random_seed, "mobiles", index, ROWS, COLUMNS)
    return MOBILES[row * COLUMNS + column]


def patient_landline(random_seed: int, index: int) -> str:
    return _phone(random_seed, -1 - index * (1 + CONTACTS_PER_PATIENT))


def contact_phone(random_seed: int, index: int, contact: int) -> str:
    return _phone(random_seed, -2 - contact - index * (1 + CONTACTS_PER_PATIENT))


def _phone(random_seed: int, place: int) -> str:
    hundreds, rest = permuted_cell(random_seed, "phones", place % RANGE, RANGE // 100, 100)
    block, number = divmod(hundreds * 100 + rest, RANGE // len(PREFIXES))
    return f"{PREFIXES[block]}{number:04}"

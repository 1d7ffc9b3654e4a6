"""Phone numbers that never ring: (03) 7010 xxxx and (03) 5550 xxxx.

The Australian Communications and Media Authority keeps these two ranges for radio, books, film
and television. Numbers are distinct until a range is used up, then they begin again.
"""

from app.seed.randomness import scattered

PATIENTS = 10_000
CONTACTS = 9_000
PRACTITIONERS = 1_000


def patient_phone(random_seed: int, index: int) -> str:
    return f"+61 3 7010 {_number(random_seed, 'patient', index, PATIENTS):04}"


def contact_phone(random_seed: int, index: int) -> str:
    return f"+61 3 5550 {_number(random_seed, 'contact', index, CONTACTS):04}"


def practitioner_phone(random_seed: int, index: int) -> str:
    return f"+61 3 5550 {CONTACTS + _number(random_seed, 'user', index, PRACTITIONERS):04}"


def _number(random_seed: int, whose: str, index: int, size: int) -> int:
    hundreds, rest = scattered(random_seed, f"{whose} phones", index, size // 100, 100)
    return hundreds * 100 + rest

"""Phone numbers that never ring: (03) 7010 xxxx and (03) 5550 xxxx.

The Australian Communications and Media Authority keeps these two ranges for radio, books, film
and television. Numbers are distinct until a range is used up, then they begin again.
"""

from app.seed.randomness import scattered

PATIENTS = 10_000
CONTACTS = 9_000
PRACTITIONERS = 1_000


def patient_phone(random_seed: int, index: int) -> str:
    return f"+61 3 7010 {scattered(random_seed, 'patient phones', index, PATIENTS):04}"


def contact_phone(random_seed: int, index: int) -> str:
    return f"+61 3 5550 {scattered(random_seed, 'contact phones', index, CONTACTS):04}"


def practitioner_phone(random_seed: int, index: int) -> str:
    number = CONTACTS + scattered(random_seed, "practitioner phones", index, PRACTITIONERS)
    return f"+61 3 5550 {number:04}"

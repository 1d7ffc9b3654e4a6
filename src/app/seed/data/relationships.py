"""Who the emergency contacts of patients are, by age."""

from app.seed.randomness import Weighted

Relationships = Weighted[str]

# A child's first contact.
OF_CHILDREN: Relationships = Weighted((("Parent", 94), ("Guardian", 6)))
SECOND_OF_CHILDREN: Relationships = Weighted((("Parent", 85), ("Friend", 8), ("Neighbour", 7)))

# Up to an age. Estimated from social marital status by age (Australian Bureau of Statistics, 2021
# Census): few are married before 30, most live with a spouse or partner from 30 to 79, and most
# women over 80 are widowed.
BY_AGE: tuple[tuple[int, Relationships], ...] = (
    (
        29,
        Weighted((("Parent", 45), ("Partner", 30), ("Spouse", 7), ("Sibling", 10), ("Friend", 8))),
    ),
    (
        44,
        Weighted((("Spouse", 45), ("Partner", 24), ("Parent", 14), ("Sibling", 10), ("Friend", 7))),
    ),
    (
        64,
        Weighted(
            (
                ("Spouse", 53),
                ("Partner", 12),
                ("Child", 15),
                ("Sibling", 9),
                ("Parent", 3),
                ("Friend", 6),
                ("Neighbour", 2),
            )
        ),
    ),
    (
        79,
        Weighted(
            (
                ("Spouse", 47),
                ("Child", 32),
                ("Partner", 5),
                ("Sibling", 6),
                ("Friend", 6),
                ("Neighbour", 4),
            )
        ),
    ),
    (
        120,
        Weighted((("Child", 60), ("Spouse", 21), ("Neighbour", 8), ("Friend", 6), ("Sibling", 5))),
    ),
)

# Of 100 such contacts, those with the patient's last name. About four of five married women take
# their husband's name (McCrindle Research), and most children have the father's.
SAME_LAST_NAME: dict[str, int] = {
    "Spouse": 78,
    "Partner": 8,
    "Parent": 82,
    "Child": 78,
    "Sibling": 72,
    "Guardian": 35,
    "Friend": 0,
    "Neighbour": 0,
}
# There is one of each at most.
ONLY_ONE = {"Spouse", "Partner"}

"""Ages of patients."""

from app.seed.randomness import Weighted

CHILDHOOD_ENDS = 18  # years
OLD_AGE = 65
YOUNGEST, OLDEST = 6, 95

# The bands of the specification: 5 to 17 years 8 %, 18 to 39 27 %, 40 to 64 38 %, 65 to 79 20 %, 80
# and over 7 %. Within a band: more teenagers than younger children are injured in sport (Australian
# Institute of Health and Welfare, Sports injury in Australia), and from 80 on the number of people
# falls by about half in five years (Australian Bureau of Statistics, population by age).
# The age is the one reached in the year of `asOf`. Nobody turns 18, so all of 17 are in the band of
# children all year.
AGES: Weighted[tuple[int, int]] = Weighted(
    (
        ((6, 9), 1.5),
        ((10, 13), 2.5),
        ((14, 17), 4),
        ((19, 29), 12),
        ((30, 39), 15),
        ((40, 49), 13),
        ((50, 64), 25),
        ((65, 79), 20),
        ((80, 84), 4),
        ((85, 89), 2.2),
        ((90, OLDEST), 0.8),
    )
)
# The first patients are so few that chance could leave out children or the very old.
FIRST_AGES: tuple[tuple[int, int], ...] = (
    (YOUNGEST, 11),
    (12, 17),
    *3 * ((19, 29),),
    *2 * ((30, 39),),
    *3 * ((40, 49),),
    *5 * ((50, 64),),
    *4 * ((65, 79),),
    (82, 90),
)

"""Rules for rooms and appointment types."""

from collections.abc import Iterator

from seeded_data.rows import Row
from seeded_data.seeded_set import SeededSet, folded, grouped, named, repeated

TYPES = {
    "INITIAL_ASSESSMENT": 60,
    "FOLLOW_UP": 30,
    "EXTENDED": 45,
    "TELEHEALTH": 30,
    "HOME_VISIT": 60,
}
GYM_CAPACITY = 4


def clinics_have_treatment_rooms(data: SeededSet) -> Iterator[str]:
    """A clinic has a room for one patient for every two practitioners, rounded up."""
    members = grouped(data.rows["members"], lambda row: row["organization_id"])
    for clinic, rooms in _rooms(data):
        single = sum(room["capacity"] == 1 for room in rooms)
        if single * 2 not in (len(members[clinic]), len(members[clinic]) + 1):
            yield f"organizations {clinic}: has {single} rooms for {len(members[clinic])} members"


def clinics_have_a_gym(data: SeededSet) -> Iterator[str]:
    """Every other room of a clinic is its one gym, for four patients."""
    for clinic, rooms in _rooms(data):
        others = [room["capacity"] for room in rooms if room["capacity"] != 1]
        if others != [GYM_CAPACITY]:
            yield f"organizations {clinic}: has other rooms for {others}"


def rooms_have_distinct_names(data: SeededSet) -> Iterator[str]:
    """No two rooms of a clinic have the same name."""
    for _, rooms in _rooms(data):
        yield from repeated((named("rooms", room), folded(room["name"])) for room in rooms)


def one_room_is_accessible(data: SeededSet) -> Iterator[str]:
    """A wheelchair can get into the gym and into a room of every clinic."""
    for clinic, rooms in _rooms(data):
        capacities = {room["capacity"] for room in rooms if room["wheelchair_accessible"]}
        if capacities != {1, GYM_CAPACITY}:
            yield f"organizations {clinic}: rooms for {sorted(capacities)} are accessible"


def treatment_rooms_have_a_table(data: SeededSet) -> Iterator[str]:
    """A treatment room has a table, and no room has anything twice."""
    for room in data.rows["rooms"]:
        equipment = room["equipment"]
        if room["capacity"] == 1 and not any("table" in each for each in equipment):
            yield f"{named('rooms', room)}: has {equipment}"
        yield from repeated((named("rooms", room), each) for each in equipment)


def clinics_have_five_types(data: SeededSet) -> Iterator[str]:
    """A clinic has the types of the specification, with their durations, and no others."""
    types = grouped(data.rows["appointment_types"], lambda row: row["organization_id"])
    for clinic in data.rows["organizations"]:
        found = [(row["code"], row["duration_minutes"]) for row in types.get(clinic["id"], [])]
        if sorted(found) != sorted(TYPES.items()):
            yield f"{named('organizations', clinic)}: has the types {found}"


def _rooms(data: SeededSet) -> Iterator[tuple[object, list[Row]]]:
    rooms = grouped(data.rows["rooms"], lambda row: row["organization_id"])
    for clinic in data.rows["organizations"]:
        yield clinic["id"], rooms.get(clinic["id"], [])

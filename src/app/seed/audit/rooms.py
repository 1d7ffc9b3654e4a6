"""Rules of rooms and appointment types."""

from sqlalchemy import func, select

from app.seed.audit.patients import of_members
from app.seed.audit.rule import CatalogueRule, Rule, count_if, repeated, table, with_counts
from app.seed.data.rooms import APPOINTMENT_TYPES, GYM_CAPACITY

organizations, rooms, types = table("organizations"), table("rooms"), table("appointment_types")

of_rooms = with_counts(
    organizations,
    {rooms.c.organization_id: organizations.c.id},
    single=count_if(rooms.c.capacity == 1),
    gyms=count_if(rooms.c.capacity == GYM_CAPACITY),
)
houses = (
    select(of_rooms.c.id, of_rooms.c.single, of_rooms.c.gyms, of_members.c.members)
    .join(of_members, of_members.c.id == of_rooms.c.id)
    .subquery()
)
of_types = with_counts(
    organizations, {types.c.organization_id: organizations.c.id}, types=func.count()
)

ROOM_RULES = (
    Rule(
        "every clinic has a treatment room for every two practitioners",
        rooms.name,
        houses,
        houses.c.single != (houses.c.members + 1) // 2,
    ),
    Rule("every clinic has one gym for four patients", rooms.name, houses, houses.c.gyms != 1),
    Rule(
        "names of the rooms of a clinic are distinct",
        rooms.name,
        repeated(rooms, rooms.c.organization_id, rooms.c.name),
    ),
)
TYPE_RULES = (
    Rule(
        "every clinic has all types of appointments",
        types.name,
        of_types,
        of_types.c.types != len(APPOINTMENT_TYPES),
    ),
    CatalogueRule(
        "code, title and duration of a type belong together",
        types,
        (types.c.code, types.c.title, types.c.duration_minutes),
        set(APPOINTMENT_TYPES),
    ),
)

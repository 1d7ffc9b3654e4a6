"""All tables of the application; importing this module registers them."""

from sqlalchemy import func, select
from sqlmodel import SQLModel

import app.auth.models
import app.clinic.appointment_types.models
import app.clinic.appointments.models
import app.clinic.availability.models
import app.clinic.patients.models
import app.clinic.rooms.models
import app.clinic.treatment_plans.models  # noqa: F401 - importing a model registers its table
from app.database.own_tables import UNCOUNTED

METADATA = SQLModel.metadata
COUNTED = tuple(table for table in METADATA.sorted_tables if table.name not in UNCOUNTED)
COUNTS = select(
    *(
        select(func.count()).select_from(table).scalar_subquery().label(table.name)
        for table in COUNTED
    )
)

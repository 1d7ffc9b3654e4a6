"""All tables of the application; importing this module registers them."""

from sqlmodel import SQLModel

import app.auth.models
import app.clinic.appointment_types.models
import app.clinic.appointments.models
import app.clinic.availability.models
import app.clinic.patients.models
import app.clinic.rooms.models
import app.clinic.treatment_plans.models  # noqa: F401 - importing a model registers its table

METADATA = SQLModel.metadata

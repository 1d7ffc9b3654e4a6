"""Every table of the application; importing this registers them all."""

from sqlmodel import SQLModel

import app.auth.models
import app.availability.models
import app.patients.models
import app.treatment_plans.models  # noqa: F401 - importing a model registers its table

METADATA = SQLModel.metadata

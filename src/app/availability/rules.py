"""What the slots of one practitioner must keep to, across all their organizations."""

from app.availability.models import DayOfWeek

GAP_MINUTES = 15
WEEKDAYS = tuple(DayOfWeek)

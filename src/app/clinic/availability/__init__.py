"""When a practitioner can be booked."""

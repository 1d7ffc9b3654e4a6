"""When practitioners see their patients: weekly places, the plans that take them, sessions."""

"""The types of appointments that a clinic offers."""

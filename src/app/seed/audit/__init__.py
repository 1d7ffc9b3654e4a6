"""Checks the data set from the database, by rules that know nothing of how it was made."""

from app.seed.audit.run import audit

__all__ = ["audit"]

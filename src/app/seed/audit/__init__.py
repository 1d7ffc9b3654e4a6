"""Checks the data set from the database, by rules that know nothing of how it was made."""

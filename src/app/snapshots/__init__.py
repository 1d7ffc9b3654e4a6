"""Snapshots over HTTP: name the state of the database, and return to it."""

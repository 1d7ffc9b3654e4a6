"""Availability over HTTP."""

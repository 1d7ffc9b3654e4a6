"""Rooms in which patients are treated."""

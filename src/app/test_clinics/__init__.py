"""Clinics for tests: added and removed while others work, in development and test only."""

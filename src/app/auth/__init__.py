"""Identities: users and their sessions, organizations and their members."""

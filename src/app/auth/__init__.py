"""Users, sessions, organizations, members and invitations."""

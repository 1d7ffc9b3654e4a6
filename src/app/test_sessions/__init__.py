"""Sessions for tests: created without a password, in development and test only."""

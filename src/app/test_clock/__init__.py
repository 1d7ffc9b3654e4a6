"""The test clock: the time of all requests to a database, in development and test only."""

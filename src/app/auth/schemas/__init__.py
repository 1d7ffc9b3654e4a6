"""The requests and responses of the identity API, as in the Better Auth protocol."""

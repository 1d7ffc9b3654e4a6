"""The routes of the identity API."""

"""The curated lists that the seeded data set is composed of."""

"""Resets the development database and fills it with a coherent, reproducible data set."""

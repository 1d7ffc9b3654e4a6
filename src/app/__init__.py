"""Seedbed: a backend for physiotherapy practices, and the data set to develop it with."""

"""Seedbed: a backend for physiotherapy clinics, and the data set to develop it with."""

"""The lists from which the data set is generated."""

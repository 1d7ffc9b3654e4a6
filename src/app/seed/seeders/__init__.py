"""One module per kind of row of the data set."""

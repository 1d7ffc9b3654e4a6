"""Reset the development database and fill it with a coherent, reproducible data set."""

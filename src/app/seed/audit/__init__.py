"""Check the data set in the database, with rules that are independent of the seeders."""

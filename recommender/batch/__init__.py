"""Many requests: what each row asks, and any number of rows in blocks, in one process or on Ray."""

"""The cohort folder: where things stand in it, how they are written whole, its key, its lock, its clock."""

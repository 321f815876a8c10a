"""Changes of the tables, in order; one that has landed never changes."""

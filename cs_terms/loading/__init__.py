"""Files to entries, in order: which files, YAML with positions, shape, rules, and the database that keeps them."""

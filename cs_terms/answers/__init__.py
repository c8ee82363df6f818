"""The answer of each command: its fields are the public JSON."""

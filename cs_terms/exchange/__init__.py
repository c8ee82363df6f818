"""Other systems' formats: one file a format, and one table of what each of them has a place for."""

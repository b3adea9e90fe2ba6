"""The SQLite file itself: opened, written to by one thread, kept well."""

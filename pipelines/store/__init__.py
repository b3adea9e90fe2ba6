"""The SQLite database: the only code that speaks SQL."""

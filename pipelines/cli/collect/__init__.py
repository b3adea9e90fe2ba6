"""Commands that fill the database."""

"""The schema as numbered steps, each in a file that is never edited again."""

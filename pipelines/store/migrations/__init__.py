"""The schema as numbered steps, each in a file that is never edited again."""

SCHEMA_VERSION = 7
"""`PRAGMA user_version` of a database all steps have run on: the number of steps."""

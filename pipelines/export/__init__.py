"""Out of the store: one module a format."""

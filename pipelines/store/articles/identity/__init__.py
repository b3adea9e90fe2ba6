"""Which row an article belongs to: by its addresses, and by what its text shows."""

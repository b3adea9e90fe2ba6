"""Posts with a time and a name of their own: comments under a story, entries of a live blog."""

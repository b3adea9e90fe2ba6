"""The frontier: which URLs are asked for, when, in which order, and who is at it."""

"""URL to Page: a polite, guarded HTTP client."""

"""What of an archive is wanted."""

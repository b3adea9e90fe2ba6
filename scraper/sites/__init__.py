"""What is known of a site: its rules as data."""

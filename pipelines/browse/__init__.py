"""The database for people to look at: Datasette, and reports as one HTML file."""

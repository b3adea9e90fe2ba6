"""What to read next: links, feeds, sitemaps, and one address for one page."""

"""Finding pages to read: links, feeds and sitemaps, with each page under one address."""

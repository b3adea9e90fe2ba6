"""Page to links: feeds, sitemaps and the links of index pages."""

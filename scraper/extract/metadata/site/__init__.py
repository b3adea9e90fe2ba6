"""Who publishes a page: the name of its site, and what its masthead says."""

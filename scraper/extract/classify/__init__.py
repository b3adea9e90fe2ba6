"""Which parts of a page are its main content: features, net, and what is decided by rule."""

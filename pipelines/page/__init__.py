"""One page and what is made of it: what it is, its article, and the rows of that."""

"""`winnow demo`: invented newspapers served on loopback, crawled like any other site."""

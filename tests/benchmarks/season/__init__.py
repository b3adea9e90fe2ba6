"""A season of news sites in simulated time, with all their troubles, crawled by the program."""

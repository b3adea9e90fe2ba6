"""Lists: marked up, typed by hand, and those that are footnotes."""

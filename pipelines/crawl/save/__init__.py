"""From what came of a URL to rows, and to the URLs that are asked for next."""

"""Which URL is asked for next: what a crawl plans, and each host's queue."""

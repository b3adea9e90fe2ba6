"""What a crawl remembers: the frontier, hosts, requests, failures."""

"""How a site is treated: its robots.txt, its pace, retries, and backing off from it."""

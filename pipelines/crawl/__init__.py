"""The crawl: from the frontier over the network into the database.

schedule ──▶ download ──▶ parse ──▶ save ──▶ frontier, articles, failures
"""

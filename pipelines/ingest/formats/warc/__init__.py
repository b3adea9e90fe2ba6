"""WARC, WET and what they are made of: gzip members, records, HTTP responses."""

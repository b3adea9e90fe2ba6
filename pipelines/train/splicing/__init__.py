"""Copies of labelled pages with foreign material in them: where articles end, and do not."""

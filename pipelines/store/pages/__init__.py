"""Raw pages, compressed, so that they can be read again."""

"""From what a person names, an address, a list or an OPML file, to entries of sources.toml."""

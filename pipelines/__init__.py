"""Everything that runs: crawls, stores, exports and the command line."""

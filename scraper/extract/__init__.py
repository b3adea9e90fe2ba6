"""Page to Article: pure functions, no I/O."""

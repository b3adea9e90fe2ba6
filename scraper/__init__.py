"""News pages in, clean articles out: the library, free of disk, database and terminal."""

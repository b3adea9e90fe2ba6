"""From files to pages: one reader a format."""

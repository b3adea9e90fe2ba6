"""From rows and pages to files: one writer a format."""

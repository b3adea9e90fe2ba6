"""Article to text and Markdown."""

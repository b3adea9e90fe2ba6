"""Archives, pages on disk and saved text: what was collected elsewhere becomes articles here."""

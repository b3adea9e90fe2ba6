"""URLs: parsed, compared, brought into one form, and judged by their shape alone."""

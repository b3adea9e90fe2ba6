"""What leaves the database as tables: their columns, rows, filters, and how far each export got."""

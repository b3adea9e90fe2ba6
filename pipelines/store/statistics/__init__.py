"""Figures and questions about what the database holds."""

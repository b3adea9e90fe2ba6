"""Out of the store: one module a format."""

from pipelines.export.export import FORMATS, Exporter, export_table
from pipelines.export.options import ExportOptions

__all__ = ["FORMATS", "ExportOptions", "Exporter", "export_table"]

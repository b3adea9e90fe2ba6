"""Out of the store: one module a format."""

from pipelines.export.export import FORMATS, Exporter, export_table
from pipelines.export.export_options import ExportOptions

__all__ = ["FORMATS", "ExportOptions", "Exporter", "export_table"]

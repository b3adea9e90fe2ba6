"""Out of the store: rows and raw pages as files.

`FORMATS` says what there is, and loads nothing that writes; the other names are imported when they
are first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from pipelines.export.formats import FORMATS

if TYPE_CHECKING:
    from pipelines.export.export import export_table
    from pipelines.export.export_options import ExportOptions

__all__ = ["FORMATS", "ExportOptions", "export_table"]

_PLACES: Final = {
    "ExportOptions": "pipelines.export.export_options",
    "export_table": "pipelines.export.export",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)

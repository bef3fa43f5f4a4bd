"""The pages of imports."""

from officeflow.imports.views.columns import check, choose, columns, layout
from officeflow.imports.views.files import import_file, import_files, import_new, report, template
from officeflow.imports.views.progress import discard, progress, start, stop

__all__ = [
    "check",
    "choose",
    "columns",
    "discard",
    "import_file",
    "import_files",
    "import_new",
    "layout",
    "progress",
    "report",
    "start",
    "stop",
    "template",
]

"""The storage of the pages' styles, scripts and icons."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage as Hashed


class StaticFiles(Hashed):
    """Files named by their content, also where one of our scripts imports another.

    Otherwise a module that a page and a module load would run twice, under both of its names.
    Scripts of packages are left alone: their comments have imports that lead nowhere.
    """

    patterns = (
        *Hashed.patterns,
        ("officeflow/js/*.js", Hashed._js_module_import_aggregation_patterns[1]),
    )

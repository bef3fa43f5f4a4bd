"""The storages of the pages' styles, scripts and icons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage as Hashed

if TYPE_CHECKING:
    from django.core.files.storage import Storage
else:
    Storage = object


class RemembersUrls(Storage):
    """Computes the URL of each file once a process: a page has some fifty of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._urls: dict[str | None, str] = {}
        super().__init__(*args, **kwargs)

    def url(self, name: str | None) -> str:
        """Returns the URL of the file."""
        if (known := self._urls.get(name)) is None:
            known = self._urls[name] = super().url(name)
        return known


class StaticFiles(RemembersUrls, Hashed):
    """Files named by their content, also where one of our scripts imports another.

    Otherwise a module that a page and a module load would run twice, under both of its names.
    Scripts of packages are left alone: their comments have imports that lead nowhere.
    """

    patterns = (
        *Hashed.patterns,
        ("officeflow/js/*.js", Hashed._js_module_import_aggregation_patterns[1]),
    )


class PlainStaticFiles(RemembersUrls, StaticFilesStorage):
    """Files under their own names, for tests, which need not collect them first."""

"""Where the files stand: a private folder, outside everything that the web server gives out."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages


class PrivateFiles(FileSystemStorage):
    """Files in `settings.OFFICE_FILES_DIR`, readable by the office's own account alone.

    They have no address: only a view that asks who wants them gives them out.
    """

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    # Read each time, so that whoever moves the folder need not make the storage anew.
    @property
    def base_location(self) -> str:
        """The folder as the settings name it."""
        return str(settings.OFFICE_FILES_DIR)

    @property
    def location(self) -> str:
        """The folder's full path."""
        return str(Path(settings.OFFICE_FILES_DIR).resolve())

    def url(self, name: str | None) -> str:
        """Raises `ValueError`: a private file has no address."""
        raise ValueError("a private file has no address of its own")


def private_files() -> Storage:
    """The storage named `private` in the settings."""
    return storages["private"]

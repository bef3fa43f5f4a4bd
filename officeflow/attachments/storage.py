"""The storage of attachments: a private folder that the web server does not publish."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages


class PrivateFiles(FileSystemStorage):
    """Files in `settings.OFFICE_FILES_DIR`, readable by the server's account alone.

    They have no URL: only views that check permissions serve them.
    """

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    # Read from the settings each time, because tests change the folder.
    @property
    def base_location(self) -> str:
        """The folder of the settings."""
        return str(settings.OFFICE_FILES_DIR)

    @property
    def location(self) -> str:
        """The folder's absolute path."""
        return str(Path(settings.OFFICE_FILES_DIR).resolve())

    def url(self, name: str | None) -> str:
        """Raises `ValueError`: private files have no URL."""
        raise ValueError("a private file has no URL")


def private_files() -> Storage:
    """Returns the storage named `private` in the settings."""
    return storages["private"]

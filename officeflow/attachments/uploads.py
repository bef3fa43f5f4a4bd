"""Stopping what is too large while it comes in, before it fills the disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

FIELD = "files"
TOO_LARGE = "officeflow_files_too_large"


class SizeLimit(FileUploadHandler):
    """Passes over a file of the field `files` as soon as it is above the limit.

    Its name is left on the request, so that the view can say so beside the others. Other fields
    have limits of their own.
    """

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Notes which field is coming."""
        super().new_file(field_name, file_name, *args, **kwargs)
        self.is_ours = field_name == FIELD

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Lets the chunk through, or gives the file up."""
        if self.is_ours and start + len(raw_data) > settings.ATTACHMENT_MOST_BYTES:
            names = getattr(self.request, TOO_LARGE, [])
            setattr(self.request, TOO_LARGE, [*names, self.file_name or ""])
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leaves the file to the next handler."""
        return


def too_large_names(request: Any) -> list[str]:
    """The files of the request that were given up; the body must have been read."""
    return list(getattr(request, TOO_LARGE, []))

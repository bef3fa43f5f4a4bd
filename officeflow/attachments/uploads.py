"""An upload handler that skips files above the size limit while they are received."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

FIELD = "files"
TOO_LARGE = "officeflow_files_too_large"


class SizeLimit(FileUploadHandler):
    """Skips a file of the field `files` as soon as it exceeds `ATTACHMENT_MOST_BYTES`.

    The names of skipped files are kept on the request for `too_large_names`. Files of other
    fields are not limited here.
    """

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Notes whether the file is of the field `files`."""
        super().new_file(field_name, file_name, *args, **kwargs)
        self.is_limited = field_name == FIELD

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Passes the chunk on, or skips the file."""
        if self.is_limited and start + len(raw_data) > settings.ATTACHMENT_MOST_BYTES:
            names = getattr(self.request, TOO_LARGE, [])
            setattr(self.request, TOO_LARGE, [*names, self.file_name or ""])
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leaves completing the file to the next handler."""
        return


def too_large_names(request: Any) -> list[str]:
    """Returns the names of the skipped files. The request's body must have been read."""
    return list(getattr(request, TOO_LARGE, []))

"""Checks uploaded files by their content.

A picture is decoded, turned upright and encoded again without metadata (place, time, device), so
that the stored file is nothing but a picture. Of a PDF only the structure of a complete file is
checked; it is served as a download only.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

import puremagic
from django.conf import settings
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from PIL import Image

from officeflow.attachments.models import FileKind
from officeflow.bounded_process import Busy, OutOfBounds, run_bounded
from officeflow.errors import Refused

MAX_PIXELS = 50_000_000
MAX_WEBP_PIXELS = 20_000_000  # libwebp needs several copies of a picture
# Of addresses; resident are at most 650 MB for a picture of the most pixels, in any format.
DECODER_MEGABYTES = 900
DECODER_SECONDS = 20
DECODER = Path(__file__).with_name("redraw_picture.py")
PICTURE_FORMATS = {
    FileKind.JPEG: "JPEG",
    FileKind.PNG: "PNG",
    FileKind.WEBP: "WEBP",
}
EXTENSIONS = {
    FileKind.JPEG: (".jpg", ".jpeg"),
    FileKind.PNG: (".png",),
    FileKind.WEBP: (".webp",),
    FileKind.PDF: (".pdf",),
}
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
MAX_NAME_LENGTH = 150
PDF_HEAD = re.compile(rb"%PDF-[12]\.\d")
PDF_TAIL = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")
PDF_TABLE = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)")


class FileRefused(Refused):
    """A file that is not accepted; `message` says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "files")


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """An accepted file: its kind, the content to store, and a JPEG thumbnail of a picture.

    `sha256` is the digest of the uploaded content, which differs from `content`.
    """

    name: str
    kind: FileKind
    content: bytes
    sha256: str
    thumbnail: bytes = b""
    width: int | None = None
    height: int | None = None


def check_file(name: str, content: bytes) -> CheckedFile:
    """Checks an uploaded file. Raises `FileRefused`."""
    shown = readable_name(name)
    if not content:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": shown})
    if len(content) > settings.ATTACHMENT_MOST_BYTES:
        raise too_large(shown)
    sha256 = digest(content)
    kind = _kind(shown, content)
    if kind == FileKind.PDF:
        _check_pdf(shown, content)
        return CheckedFile(
            name=_with_extension(shown, kind), kind=kind, content=content, sha256=sha256
        )
    return _picture(shown, kind, content, sha256)


def digest(content: bytes) -> str:
    """Returns the digest by which an uploaded content is recognised."""
    return hashlib.sha256(content).hexdigest()


def others_add_files(name: str) -> FileRefused:
    """Returns the error while too many files are checked at once."""
    return FileRefused(
        _("“%(name)s” could not be added, because others add files. Try again in a minute.")
        % {"name": name}
    )


def too_large(name: str) -> FileRefused:
    """Returns the error for a file above the limit."""
    most = settings.ATTACHMENT_MOST_BYTES // (1024 * 1024)
    return FileRefused(
        _("“%(name)s” is too large. A file can have up to %(most)d MB.")
        % {"name": readable_name(name), "most": most}
    )


def readable_name(name: str) -> str:
    """Returns a file's name without folders and unprintable characters, cut to the limit."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if char.isprintable()).strip()
    if not kept.strip(". "):
        return _("file")
    stem, dot, extension = kept.rpartition(".")
    if dot and stem and len(extension) <= 10:
        return f"{stem[: MAX_NAME_LENGTH - len(extension) - 1]}.{extension}"
    return kept[:MAX_NAME_LENGTH]


def download_name(name: str) -> str:
    """Returns the file name for a download."""
    return get_valid_filename(name) if name.strip(". ") else "file"


def _kind(name: str, content: bytes) -> FileKind:
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise FileRefused(
            _(
                "“%(name)s” is a HEIC picture, which many computers cannot show. Save it as "
                "JPEG and add it again. On an iPhone, choose Settings, Camera, Formats, Most "
                "Compatible."
            )
            % {"name": name}
        )
    try:
        found = {match.mime_type for match in puremagic.magic_string(content[:4096])}
    except (puremagic.PureError, ValueError):
        found = set()
    kind = next((kind for kind in FileKind if kind.value in found), None)
    if kind is None:
        raise FileRefused(
            _("“%(name)s” cannot be added. Use JPEG, PNG, WebP or PDF.") % {"name": name}
        )
    return kind


def _picture(name: str, kind: FileKind, content: bytes, sha256: str) -> CheckedFile:
    most = MAX_WEBP_PIXELS if kind == FileKind.WEBP else MAX_PIXELS
    try:
        # Reads the size in the head and decodes nothing.
        with Image.open(io.BytesIO(content), formats=[PICTURE_FORMATS[kind]]) as opened:
            pixels = opened.width * opened.height
    except Exception:  # Pillow raises many kinds of errors for damaged pictures
        raise _damaged(name) from None
    if pixels > most:
        raise FileRefused(
            _("“%(name)s” has too many pixels. Such a picture can have up to %(most)d million.")
            % {"name": name, "most": most // 1_000_000}
        )
    redrawn = _redraw(name, kind, content, most)
    head, _newline, files = redrawn.partition(b"\n")
    found = json.loads(head)
    return CheckedFile(
        name=_with_extension(name, kind),
        kind=kind,
        content=files[: found["size"]],
        sha256=sha256,
        thumbnail=files[found["size"] :],
        width=found["width"],
        height=found["height"],
    )


def _redraw(name: str, kind: FileKind, content: bytes, most: int) -> bytes:
    """Returns the output of `redraw_picture`. Raises `FileRefused`."""
    try:
        return run_bounded(
            DECODER,
            content,
            PICTURE_FORMATS[kind],
            str(most),
            megabytes=DECODER_MEGABYTES,
            seconds=DECODER_SECONDS,
            most_bytes=4 * settings.ATTACHMENT_MOST_BYTES,
        )
    except OutOfBounds:
        raise _damaged(name) from None
    except Busy:
        raise others_add_files(name) from None


def _damaged(name: str) -> FileRefused:
    return FileRefused(
        _("“%(name)s” is damaged and cannot be opened as a picture.") % {"name": name}
    )


def _check_pdf(name: str, content: bytes) -> None:
    """Raises `FileRefused` unless the file has a header, a trailer, and a cross-reference table
    at the trailer's offset (ISO 32000-1, 7.5)."""
    tail = PDF_TAIL.search(content[-2048:].rstrip(b"\0"))
    is_complete = (
        PDF_HEAD.match(content) is not None
        and tail is not None
        and PDF_TABLE.match(content, int(tail[1])) is not None
    )
    if not is_complete:
        raise FileRefused(
            _("“%(name)s” is damaged or incomplete. Save the PDF again and add it.")
            % {"name": name}
        )


def _with_extension(name: str, kind: FileKind) -> str:
    """Returns the name with an extension of its kind."""
    if name.lower().endswith(EXTENSIONS[kind]):
        return name
    extension = EXTENSIONS[kind][0]
    return f"{name[: MAX_NAME_LENGTH - len(extension)]}{extension}"

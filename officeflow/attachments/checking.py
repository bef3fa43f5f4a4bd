"""Checks uploaded files by their content.

A picture is decoded, turned upright and encoded again without metadata (place, time, device), so
that the stored file is nothing but a picture. Of a PDF only the structure of a complete file is
checked; it is served as a download only.
"""

from __future__ import annotations

import hashlib
import io
import re
import threading
from dataclasses import dataclass

import puremagic
from django.conf import settings
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from PIL import Image

from officeflow.attachments.models import FileKind
from officeflow.errors import Refused

MAX_PIXELS = 50_000_000
THUMBNAIL_SIZE = (320, 320)
PICTURE_FORMATS = {
    FileKind.JPEG: "JPEG",
    FileKind.PNG: "PNG",
    FileKind.WEBP: "WEBP",
}
# EXIF 2.3, 4.6.4: the transposition that turns a picture upright, by its orientation tag.
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
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

# Limits the memory of a process, because decoded pictures are large.
_decoding = threading.BoundedSemaphore(2)


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
    sha256 = hashlib.sha256(content).hexdigest()
    kind = _kind(shown, content)
    if kind == FileKind.PDF:
        _check_pdf(shown, content)
        return CheckedFile(
            name=_with_extension(shown, kind), kind=kind, content=content, sha256=sha256
        )
    with _decoding:
        return _picture(shown, kind, content, sha256)


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
    damaged = FileRefused(
        _("“%(name)s” is damaged and cannot be opened as a picture.") % {"name": name}
    )
    try:
        with Image.open(io.BytesIO(content), formats=[PICTURE_FORMATS[kind]]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise FileRefused(
                    _("“%(name)s” has too many pixels. A picture can have up to %(most)d million.")
                    % {"name": name, "most": MAX_PIXELS // 1_000_000}
                )
            opened.load()
            upright = _upright(opened)
            colour_profile = opened.info.get("icc_profile")
        encoded = _encode(upright, kind, colour_profile)
        thumbnail = _thumbnail(upright)
    except FileRefused:
        raise
    except Exception:  # Pillow raises many kinds of errors for damaged pictures
        raise damaged from None
    return CheckedFile(
        name=_with_extension(name, kind),
        kind=kind,
        content=encoded,
        sha256=sha256,
        thumbnail=thumbnail,
        width=upright.width,
        height=upright.height,
    )


def _upright(picture: Image.Image) -> Image.Image:
    """Returns a copy turned by its orientation tag, or unturned when the metadata are invalid."""
    try:
        turn = TURNS.get(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # invalid metadata are no reason to refuse the picture
        turn = None
    return picture.copy() if turn is None else picture.transpose(turn)


def _encode(picture: Image.Image, kind: FileKind, colour_profile: bytes | None) -> bytes:
    """Returns the encoded picture, with its colour profile and no other metadata."""
    picture.info.clear()
    out = io.BytesIO()
    options: dict[str, object] = {"icc_profile": colour_profile} if colour_profile else {}
    if kind == FileKind.JPEG:
        options |= {"quality": 90, "optimize": True}
    elif kind == FileKind.WEBP:
        options |= {"quality": 90}
    picture.save(out, PICTURE_FORMATS[kind], **options)
    return out.getvalue()


def _thumbnail(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail(THUMBNAIL_SIZE)
    if small.mode in ("RGBA", "LA", "PA") or (small.mode == "P" and "transparency" in small.info):
        background = Image.new("RGBA", small.size, "white")
        small = Image.alpha_composite(background, small.convert("RGBA"))
    out = io.BytesIO()
    small.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


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

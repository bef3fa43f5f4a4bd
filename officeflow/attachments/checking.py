"""What a file is, by its content; and what of it is kept.

A picture is opened, turned upright and written anew without what the camera added (place, time,
device): what is kept can be nothing but a picture. A PDF is looked at as far as telling that it is
a whole one; it is given out as a download only, never shown within the office.
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

MOST_PIXELS = 50_000_000
THUMBNAIL = (320, 320)
PICTURE_FORMATS = {
    FileKind.JPEG: "JPEG",
    FileKind.PNG: "PNG",
    FileKind.WEBP: "WEBP",
}
# EXIF 2.3, 4.6.4: how the picture has to be turned so that it stands upright.
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
ENDINGS = {
    FileKind.JPEG: (".jpg", ".jpeg"),
    FileKind.PNG: (".png",),
    FileKind.WEBP: (".webp",),
    FileKind.PDF: (".pdf",),
}
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
LONGEST_NAME = 150
PDF_HEAD = re.compile(rb"%PDF-[12]\.\d")
PDF_TAIL = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")
PDF_TABLE = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)")

# A decoded picture is large; a process opens few of them at a time.
_decoding = threading.BoundedSemaphore(2)


class FileRefused(Refused):
    """A file that cannot be taken; `message` says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "files")


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file that can be kept: its kind, its cleaned content, and a small picture of it."""

    name: str
    kind: FileKind
    content: bytes
    sha256: str
    thumbnail: bytes = b""
    width: int | None = None
    height: int | None = None


def check(name: str, content: bytes) -> Checked:
    """Looks at a file. Raises `FileRefused` with words for the person who handed it in."""
    shown = readable_name(name)
    if not content:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": shown})
    if len(content) > settings.ATTACHMENT_MOST_BYTES:
        raise too_large(shown)
    sha256 = hashlib.sha256(content).hexdigest()
    kind = _kind(shown, content)
    if kind == FileKind.PDF:
        _check_pdf(shown, content)
        return Checked(name=_with_ending(shown, kind), kind=kind, content=content, sha256=sha256)
    with _decoding:
        return _picture(shown, kind, content, sha256)


def too_large(name: str) -> FileRefused:
    """What is said of a file above the limit."""
    most = settings.ATTACHMENT_MOST_BYTES // (1024 * 1024)
    return FileRefused(
        _("“%(name)s” is too large. A file can have up to %(most)d MB.")
        % {"name": readable_name(name), "most": most}
    )


def readable_name(name: str) -> str:
    """A file's name without folders or signs that a file system or a header stumbles over."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if char.isprintable()).strip()
    if not kept.strip(". "):
        return _("file")
    stem, dot, ending = kept.rpartition(".")
    if dot and stem and len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return kept[:LONGEST_NAME]


def download_name(name: str) -> str:
    """The name that a download is saved under."""
    return get_valid_filename(name) if name.strip(". ") else "file"


def _kind(name: str, content: bytes) -> FileKind:
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise FileRefused(
            _(
                "“%(name)s” is a HEIC picture, which many computers cannot show. Save it as "
                "JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible) and add it "
                "again."
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


def _picture(name: str, kind: FileKind, content: bytes, sha256: str) -> Checked:
    damaged = FileRefused(
        _("“%(name)s” is damaged and cannot be opened as a picture.") % {"name": name}
    )
    try:
        with Image.open(io.BytesIO(content), formats=[PICTURE_FORMATS[kind]]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise FileRefused(
                    _("“%(name)s” has too many pixels. A picture can have up to %(most)d million.")
                    % {"name": name, "most": MOST_PIXELS // 1_000_000}
                )
            opened.load()
            upright = _upright(opened)
            colours = opened.info.get("icc_profile")
        clean = _write(upright, kind, colours)
        small = _thumbnail(upright)
    except FileRefused:
        raise
    except Exception:  # Pillow raises whatever the broken part of the picture leads to
        raise damaged from None
    return Checked(
        name=_with_ending(name, kind),
        kind=kind,
        content=clean,
        sha256=sha256,
        thumbnail=small,
        width=upright.width,
        height=upright.height,
    )


def _upright(picture: Image.Image) -> Image.Image:
    """A copy turned as the camera was held; as it stands when the camera's notes are broken."""
    try:
        turn = TURNS.get(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # what a camera noted is no reason to refuse its picture
        turn = None
    return picture.copy() if turn is None else picture.transpose(turn)


def _write(picture: Image.Image, kind: FileKind, colours: bytes | None) -> bytes:
    """The picture alone, with the colour profile that it needs to look as it did."""
    picture.info.clear()
    out = io.BytesIO()
    options: dict[str, object] = {"icc_profile": colours} if colours else {}
    if kind == FileKind.JPEG:
        options |= {"quality": 90, "optimize": True}
    elif kind == FileKind.WEBP:
        options |= {"quality": 90}
    picture.save(out, PICTURE_FORMATS[kind], **options)
    return out.getvalue()


def _thumbnail(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail(THUMBNAIL)
    if small.mode in ("RGBA", "LA", "PA") or (small.mode == "P" and "transparency" in small.info):
        ground = Image.new("RGBA", small.size, "white")
        small = Image.alpha_composite(ground, small.convert("RGBA"))
    out = io.BytesIO()
    small.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def _check_pdf(name: str, content: bytes) -> None:
    """A head, a tail, and a table where the tail says it is (ISO 32000-1, 7.5)."""
    tail = PDF_TAIL.search(content[-2048:].rstrip(b"\0"))
    whole = (
        PDF_HEAD.match(content) is not None
        and tail is not None
        and PDF_TABLE.match(content, int(tail[1])) is not None
    )
    if not whole:
        raise FileRefused(
            _("“%(name)s” is damaged or not a complete PDF document.") % {"name": name}
        )


def _with_ending(name: str, kind: FileKind) -> str:
    """The name with an ending that says what the file is, whatever it was called."""
    if name.lower().endswith(ENDINGS[kind]):
        return name
    ending = ENDINGS[kind][0]
    return f"{name[: LONGEST_NAME - len(ending)]}{ending}"

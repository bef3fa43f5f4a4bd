"""Pictures and PDF documents to upload."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from fpdf import FPDF
from PIL import Image


def picture(
    colour: str = "orange", size: tuple[int, int] = (40, 20), kind: str = "JPEG", exif: bool = False
) -> bytes:
    """Returns a picture; with `exif` it has metadata and is rotated by 90 degrees."""
    image = Image.new("RGB", size, colour)
    out = io.BytesIO()
    options = {}
    if exif:
        tags = image.getexif()
        tags[0x0112] = 6  # turned by a quarter
        tags[0x010F] = "Camera of Nora"
        tags.get_ifd(0x8825)[1] = "N"
        options["exif"] = tags
    image.save(out, kind, **options)
    return out.getvalue()


def document(words: str = "Receipt") -> bytes:
    """Returns a PDF of one page."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica")
    pdf.cell(text=words)
    return bytes(pdf.output())


@pytest.fixture(autouse=True)
def files_dir(tmp_path: Path, settings: object) -> Path:
    """A folder for the files of one test."""
    django_settings.OFFICE_FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


def stored(folder: Path) -> list[Path]:
    """Returns every stored file."""
    return sorted(path for path in folder.rglob("*") if path.is_file())

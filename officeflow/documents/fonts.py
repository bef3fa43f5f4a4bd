"""The letters of a paper: the PDF's own where they suffice, else embedded ones.

Every reader of PDFs has Helvetica with the letters of Western Europe (code page 1252), which
costs nothing to write. A name such as Nováková, Nguyễn or हिन्दी needs more: then the whole paper
is set in FiraGO, which is embedded, and which has the Latin, Greek, Cyrillic, Arabic, Hebrew,
Thai, Georgian and Devanagari letters. What even that has not is shown as an empty box.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

import pymupdf_fonts
from fontTools import subset
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import TTFFont

CODE_PAGE = "cp1252"
BUILT_IN = "helvetica"
EMBEDDED = "FiraGO"
FONT_NAMES = {"": "figo", "B": "figbo"}
UNKNOWN = "▯"

# Signs that our formats write and that have a twin in the code page.
TWINS = str.maketrans(
    {
        "\u2212": "\u2013",
        "\u202f": "\u00a0",
        "\u2011": "-",
        "\t": " ",
        "\u20b1": "P",  # the signs of the peso and the cedi, which FiraGO has not
        "\u20b5": "\u00a2",
    }
)

# What most names of Europe need, and the signs: the fewer letters, the quicker a paper is drawn.
LATIN = (
    range(0x20, 0x180),
    range(0x218, 0x21C),
    range(0x2010, 0x2040),
    range(0x20A0, 0x20C1),
    range(0x2116, 0x2123),
    range(0x2212, 0x2213),
    range(0x25AF, 0x25B0),
)
# Latin, Greek and Cyrillic letters, punctuation and currency signs: written without joining.
EUROPE = (*LATIN, range(0x180, 0x250), range(0x370, 0x530), range(0x1E00, 0x1F00))
Ranges = tuple[range, ...]
# Open, and so there, as long as the process lives.
_files: list[IO[bytes]] = []
SPARE_TABLES = ("GSUB", "GPOS", "GDEF", "DSIG", "fpgm", "prep", "cvt ", "gasp")


@dataclass(frozen=True)
class Face:
    """What a paper is set in, and of which letters; without any named, of all there are."""

    family: str
    letters: Ranges = ()

    @property
    def is_shaped(self) -> bool:
        """Whether its letters join or run from right to left."""
        return self.family == EMBEDDED and not self.letters


def face_for(texts: Iterable[str]) -> Face:
    """The plainest face that has every letter of the texts."""
    letters = {letter for text in texts for letter in written(text)}
    try:
        "".join(letters).encode(CODE_PAGE)
    except UnicodeEncodeError:
        known = {ord(letter) for letter in letters if ord(letter) in _letters()}
        for reach in (LATIN, EUROPE):
            if all(any(letter in some for some in reach) for letter in known):
                return Face(EMBEDDED, reach)
        return Face(EMBEDDED)
    return Face(BUILT_IN)


def written(text: str) -> str:
    """The text with composed letters, and without what no paper can show."""
    composed = unicodedata.normalize("NFC", text).translate(TWINS)
    return "".join(letter for letter in composed if letter.isprintable() or letter == "\u00a0")


def shown(text: str, face: Face) -> str:
    """The text as the face can write it: a letter that it has not becomes an empty box."""
    text = written(text)
    if face.family == BUILT_IN:
        return text
    known = _letters()
    return "".join(letter if ord(letter) in known else UNKNOWN for letter in text)


def load(pdf: FPDF, face: Face) -> None:
    """Makes the face ready in a document."""
    if face.family == BUILT_IN:
        pdf.core_fonts_encoding = CODE_PAGE
        return
    for style in FONT_NAMES:
        pdf.add_font(face.family, style, _font_file(style, face.letters))
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.recalcBBoxes = False  # as drawn: letters are copied, not drawn anew
    if face.is_shaped:
        pdf.set_text_shaping(True)


@cache
def _letters() -> frozenset[int]:
    """What the embedded face has."""
    font = TTFont(_font_file("", ()), lazy=True)
    return frozenset(font.getBestCmap())


@cache
def _font_file(style: str, letters: Ranges) -> Path:
    """The font as a file, whole or with some letters alone, which is ten to fifty times quicker.

    The file goes with the process.
    """
    file = tempfile.NamedTemporaryFile(prefix="officeflow-", suffix=".ttf")  # noqa: SIM115
    _files.append(file)
    if letters:
        _cut(_font_file(style, ()), letters).save(file, reorderTables=None)
    else:
        file.write(pymupdf_fonts.myfont(FONT_NAMES[style]))
    file.flush()
    return Path(file.name)


def _cut(path: Path, letters: Ranges) -> TTFont:
    """The font with these letters alone, and without the tables that they do not need."""
    font = TTFont(path, lazy=True, recalcBBoxes=False)
    for table in SPARE_TABLES:
        if table in font:
            del font[table]
    options = subset.Options(notdef_outline=True, glyph_names=True, drop_tables=[])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[letter for some in letters for letter in some])
    cutter.subset(font)
    return font

"""The typeface of a document: a built-in one if it has all characters, else embedded ones.

Every PDF reader has Helvetica with the characters of Western Europe (code page 1252). A document
with other characters, such as Nováková, Nguyễn or हिन्दी, is set in FiraGO, which is embedded and
has Latin, Greek, Cyrillic, Arabic, Hebrew, Thai, Georgian and Devanagari characters. Characters
that FiraGO lacks are set in the Noto font that has them, see `fallback_fonts`; one that no font has
is shown as an empty box.
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

from officeflow.documents import fallback_fonts
from officeflow.documents.fallback_fonts import Fallback

CODE_PAGE = "cp1252"
BUILT_IN = "helvetica"
EMBEDDED = "FiraGO"
FONT_NAMES = {"": "figo", "B": "figbo"}
UNKNOWN = "▯"
# Separates letters that would join, in Persian; the other joiner is left out, because fpdf2 sets
# the characters before and after it apart.
NON_JOINER = "\u200c"

# Characters of formatted numbers and amounts, with substitutes that the typefaces have.
SUBSTITUTES = str.maketrans(
    {
        "\u2212": "\u2013",
        "\u202f": "\u00a0",
        "\u2011": "-",
        "\t": " ",
        "\u3000": " ",
        "\ufe0e": "",  # choose between a black and a coloured sign
        "\ufe0f": "",
        "\u20b1": "P",  # the signs of the peso and the cedi, which FiraGO lacks
        "\u20b5": "\u00a2",
    }
)

# Most European names, and signs. With fewer characters a document is drawn faster.
LATIN = (
    range(0x20, 0x180),
    range(0x218, 0x21C),
    range(0x2010, 0x2040),
    range(0x20A0, 0x20C1),
    range(0x2116, 0x2123),
    range(0x2212, 0x2213),
    range(0x25AF, 0x25B0),
)
# Latin, Greek and Cyrillic characters, punctuation and currency signs, which need no shaping.
EUROPE = (*LATIN, range(0x180, 0x250), range(0x370, 0x530), range(0x1E00, 0x1F00))
CharacterRanges = tuple[range, ...]
# Kept open, because closing a temporary file deletes it.
_files: list[IO[bytes]] = []
UNNEEDED_TABLES = ("GSUB", "GPOS", "GDEF", "DSIG", "fpgm", "prep", "cvt ", "gasp")


@dataclass(frozen=True)
class Typeface:
    """A typeface and its characters to embed; all of them when `characters` is empty.

    `fallbacks` are the fonts of characters that it lacks.
    """

    family: str
    characters: CharacterRanges = ()
    fallbacks: tuple[Fallback, ...] = ()

    @property
    def needs_shaping(self) -> bool:
        """Whether its characters may join or run from right to left."""
        if self.family != EMBEDDED:
            return False
        return not self.characters or any(each.needs_shaping for each in self.fallbacks)

    @property
    def needs_cells(self) -> bool:
        """Whether texts must be written as cells, which take characters of several fonts."""
        return self.needs_shaping or bool(self.fallbacks)

    def has(self, character: str) -> bool:
        """Returns whether the typeface or a fallback has the character."""
        if self.family == BUILT_IN or ord(character) in _font_characters():
            return True
        return any(character in each.characters for each in self.fallbacks)


def typeface_for(texts: Iterable[str]) -> Typeface:
    """Returns the smallest typeface with every character of the texts."""
    characters = {character for text in texts for character in printable(text)}
    try:
        "".join(characters - {NON_JOINER}).encode(CODE_PAGE)
    except UnicodeEncodeError:
        known = {character for character in characters if ord(character) in _font_characters()}
        fallbacks = fallback_fonts.fonts_for(characters - known)
        for reach in (LATIN, EUROPE):
            if all(any(ord(character) in some for some in reach) for character in known):
                return Typeface(EMBEDDED, reach, fallbacks)
        return Typeface(EMBEDDED, (), fallbacks)
    return Typeface(BUILT_IN)


def printable(text: str) -> str:
    """Returns the text with composed characters and without unprintable ones."""
    composed = unicodedata.normalize("NFC", text).translate(SUBSTITUTES)
    return "".join(
        character
        for character in composed
        if character.isprintable() or character in ("\u00a0", NON_JOINER)
    )


def encodable(text: str, typeface: Typeface) -> str:
    """Returns the text with an empty box for each character that the typeface lacks."""
    text = printable(text)
    if not typeface.needs_shaping:
        text = text.replace(NON_JOINER, "")
    if typeface.family == BUILT_IN:
        return text
    return "".join(character if typeface.has(character) else UNKNOWN for character in text)


def load_typeface(pdf: FPDF, typeface: Typeface) -> None:
    """Loads a typeface into a PDF."""
    if typeface.family == BUILT_IN:
        pdf.core_fonts_encoding = CODE_PAGE
        return
    for style in FONT_NAMES:
        pdf.add_font(typeface.family, style, _font_file(style, typeface.characters))
        for fallback in typeface.fallbacks:
            pdf.add_font(fallback.name, style, fallback.file(style))
    if typeface.fallbacks:
        pdf.set_fallback_fonts([fallback.name for fallback in typeface.fallbacks])
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.recalcBBoxes = False  # the glyphs are copied unchanged
    if typeface.needs_shaping:
        pdf.set_text_shaping(True)


@cache
def _font_characters() -> frozenset[int]:
    """Returns the code points of the embedded typeface."""
    font = TTFont(_font_file("", ()), lazy=True)
    return frozenset(font.getBestCmap())


@cache
def _font_file(style: str, characters: CharacterRanges) -> Path:
    """Returns the path of a font file with these characters, or with all of them.

    A font with fewer characters is loaded ten to fifty times faster. The file is deleted when the
    process ends.
    """
    file = tempfile.NamedTemporaryFile(prefix="officeflow-", suffix=".ttf")  # noqa: SIM115
    _files.append(file)
    if characters:
        _subset_font(_font_file(style, ()), characters).save(file, reorderTables=None)
    else:
        file.write(pymupdf_fonts.myfont(FONT_NAMES[style]))
    file.flush()
    return Path(file.name)


def _subset_font(path: Path, characters: CharacterRanges) -> TTFont:
    """Returns the font with these characters only, without tables that they do not need."""
    font = TTFont(path, lazy=True, recalcBBoxes=False)
    for table in UNNEEDED_TABLES:
        if table in font:
            del font[table]
    options = subset.Options(notdef_outline=True, glyph_names=True, drop_tables=[])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[character for some in characters for character in some])
    cutter.subset(font)
    return font

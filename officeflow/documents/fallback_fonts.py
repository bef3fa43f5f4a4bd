"""The Noto fonts that have the characters which a document's typeface lacks.

A font is used only by documents with its characters. Of each it embeds the characters
that it has: for scripts whose letters change their shape a part of the font, with all forms of
those letters; for others, such as Chinese with its 65,000 characters, a font made from outlines.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from django.utils.translation import get_language
from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

WEIGHTS = {"": 400, "B": 700}
MADE_FONTS = 64  # that a process keeps
MOST_ERROR = 0.5  # of an outline, in thousandths of the font's size
# Scripts whose letters join or change their order.
SHAPED = (
    "Gujarati",
    "Bengali",
    "Gurmukhi",
    "Kannada",
    "Khmer",
    "Lao",
    "Malayalam",
    "Myanmar",
    "Oriya",
    "Sinhala",
    "Tamil",
    "Telugu",
)
PLAIN = ("Armenian", "Ethiopic", "Symbols")
EMOJI = "Emoji"
# The regional shapes of Chinese characters, and their places in the collection.
CJK = {"JP": 0, "KR": 1, "SC": 2, "TC": 3, "HK": 4}
HANGUL = range(0xAC00, 0xD7B0)
KANA = range(0x3040, 0x3100)


@dataclass(frozen=True)
class Fallback:
    """A font with the characters of one document that it is used for."""

    name: str
    characters: frozenset[str]

    @property
    def needs_shaping(self) -> bool:
        """Whether its characters may join or change their order."""
        return self.name in SHAPED

    def file(self, style: str) -> Path:
        """Returns the path of the font in a style, `""` or `"B"`."""
        if self.needs_shaping:
            return Path(_shaped_file(self.name, style, self.characters).name)
        return Path(_made_file(self.name, style, self.characters).name)


def fonts_for(characters: Iterable[str]) -> tuple[Fallback, ...]:
    """Returns the fonts that have the characters; those that none has are left out."""
    left = set(characters)
    found = []
    for name in (*SHAPED, *PLAIN, EMOJI):
        if not left:
            break
        here = {character for character in left if ord(character) in _code_points(name)}
        if here:
            found.append(Fallback(name, frozenset(here)))
            left -= here
    if left:
        name = _regional(left)
        here = {character for character in left if ord(character) in _code_points(name)}
        if here:
            found.append(Fallback(name, frozenset(here)))
    return tuple(found)


def _regional(characters: Iterable[str]) -> str:
    """Returns the region whose shapes a text has: by its own signs, else by the language."""
    points = [ord(character) for character in characters]
    if any(point in KANA for point in points):
        return "JP"
    if any(point in HANGUL for point in points):
        return "KR"
    language = (get_language() or "").lower()
    by_language = {"ja": "JP", "ko": "KR", "zh-hk": "HK", "zh-hant": "TC", "zh-tw": "TC"}
    return next((name for code, name in by_language.items() if language.startswith(code)), "SC")


@cache
def _font(name: str) -> TTFont:
    package, file = (
        ("manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc")
        if name in CJK
        else ("manimgx_fonts", f"Noto{'' if name == EMOJI else 'Sans'}{name}[wght].ttf")
    )
    path = Path(str(files(package) / file))
    return TTFont(path, fontNumber=CJK.get(name, -1), lazy=True)


@cache
def _code_points(name: str) -> frozenset[int]:
    return frozenset(_font(name).getBestCmap())


@lru_cache(maxsize=MADE_FONTS)
def _shaped_file(name: str, style: str, characters: frozenset[str]) -> IO[bytes]:
    """Returns a file with a part of the font in one weight: these characters, with every form
    that they take together."""
    source = _font(name)
    font = TTFont(source.reader.file.name, lazy=True, recalcTimestamp=False)
    cutter = subset.Subsetter(subset.Options(layout_features=["*"], glyph_names=True))
    cutter.populate(unicodes=map(ord, characters))
    cutter.subset(font)
    return _saved(instancer.instantiateVariableFont(font, _location(name, style), inplace=True))


@lru_cache(maxsize=MADE_FONTS)
def _made_file(name: str, style: str, characters: frozenset[str]) -> IO[bytes]:
    """Returns a file with a font of these characters only, made from their outlines."""
    font = _font(name)
    by_name = {f"u{ord(character):X}": character for character in sorted(characters)}
    drawn = {glyph: _glyph(name, style, character) for glyph, character in by_name.items()}
    per_em = font["head"].unitsPerEm
    builder = FontBuilder(per_em, isTTF=True)
    builder.setupGlyphOrder([".notdef", *by_name])
    builder.setupCharacterMap({ord(character): glyph for glyph, character in by_name.items()})
    empty = TTGlyphPen(None).glyph()
    builder.setupGlyf(
        {".notdef": empty, **{glyph: outline for glyph, (outline, _) in drawn.items()}}
    )
    widths = {glyph: (width, 0) for glyph, (_, width) in drawn.items()}
    builder.setupHorizontalMetrics({".notdef": (per_em, 0), **widths})
    builder.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    title = f"Noto Sans {name} {style}".strip()
    builder.setupNameTable(
        {
            "familyName": title,
            "styleName": "Regular",
            "fullName": title,
            "psName": title.replace(" ", ""),
        }
    )
    builder.setupOS2()
    builder.setupPost()
    # The same characters give the same bytes, and so the same document.
    builder.font.recalcTimestamp = False
    builder.font["head"].created = builder.font["head"].modified = font["head"].created
    return _saved(builder.font)


def _saved(font: TTFont) -> IO[bytes]:
    file = tempfile.NamedTemporaryFile(prefix="officeflow-", suffix=".ttf")  # noqa: SIM115
    font.save(file)
    file.flush()
    return file


def _location(name: str, style: str) -> dict[str, float]:
    """Returns the values of all axes of a variable font for a style."""
    axes = {axis.axisTag: axis.defaultValue for axis in _font(name)["fvar"].axes}
    return {**axes, "wght": WEIGHTS[style]}


@cache
def _glyphs(name: str, style: str) -> Any:
    return _font(name).getGlyphSet(location=_location(name, style))


@cache
def _glyph(name: str, style: str, character: str) -> tuple[Any, int]:
    """Returns the outline of a character and its width."""
    font = _font(name)
    glyph = _glyphs(name, style)[font.getBestCmap()[ord(character)]]
    pen = TTGlyphPen(None)
    # CFF fonts have cubic curves, which turn the other way.
    is_cubic = "CFF2" in font
    glyph.draw(Cu2QuPen(pen, MOST_ERROR, reverse_direction=is_cubic) if is_cubic else pen)
    return pen.glyph(), round(glyph.width)

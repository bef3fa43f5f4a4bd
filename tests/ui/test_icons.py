"""Icons: accessible names, and that every icon in use exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from officeflow.ui import icons, navigation

ROOT = Path(settings.BASE_DIR)
IN_TEMPLATES = re.compile(r"{%\s*icon\s+[\"']([a-z-]+)[\"']|\bicon=[\"']([a-z-]+)[\"']")


def draw(source: str) -> str:
    return Template("{% load office %}" + source).render(Context())


def used() -> list[str]:
    names = set()
    for path in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")]:
        for found in IN_TEMPLATES.finditer(path.read_text(encoding="utf-8")):
            names.add(found.group(1) or found.group(2))
    return sorted(names)


def test_an_icon_without_label_is_hidden_from_screen_readers() -> None:
    html = draw('{% icon "box" %}')
    assert 'aria-hidden="true"' in html
    assert "role=" not in html


def test_an_icon_with_a_label_is_an_image_with_that_name() -> None:
    html = draw('{% icon "lock" label="Sealed" %}')
    assert 'role="img"' in html
    assert 'aria-label="Sealed"' in html
    assert "aria-hidden" not in html


def test_an_unknown_icon_is_a_dot() -> None:
    assert "#dot" in draw('{% icon "unicorn" %}')


@pytest.mark.parametrize("name", used())
def test_every_icon_of_templates_exists(name: str) -> None:
    assert name in icons.names()


def test_every_icon_of_the_navigation_exists() -> None:
    assert {item.icon for item in navigation._items} <= set(icons.names())

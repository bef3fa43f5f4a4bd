"""Templates have no inline styles or scripts, which the content security policy forbids; they
compile; and the files that they load or include exist."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver

from officeflow.local.untranslated_texts import PLACEHOLDER, templates, without_tags

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "templates"
TEMPLATES = templates()
NAMED_FILE = re.compile(r"{%\s*(static|extends|include)\s+([\"'])(?P<name>[^\"']+)\2")

NAMED_ADDRESS = re.compile(r"{%\s*url\s+([\"'])(?P<name>[^\"']+)\1")


class Markup(HTMLParser):
    """Collects markup that the content security policy forbids, with its line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forbidden: list[tuple[int, str]] = []
        self.is_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_script = tag == "script"
        self.check(tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.check(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        self.is_script = False

    def handle_data(self, data: str) -> None:
        if self.is_script and data.strip(f"{PLACEHOLDER} \n"):
            self.forbidden.append((self.getpos()[0], "script in the page"))

    def check(self, tag: str, attrs: dict[str, str | None]) -> None:
        line = self.getpos()[0]
        for name, value in attrs.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                self.forbidden.append((line, f"{name} on <{tag}>"))
            if name in {"href", "src", "action"} and (value or "").startswith("javascript:"):
                self.forbidden.append((line, f"{name}=javascript:"))
            other_host = re.match(r"(https?:)?//", value or "")
            if name in {"href", "src", "action"} and other_host and tag != "a":
                self.forbidden.append((line, f"another host in {name} on <{tag}>"))
        if tag == "style":
            self.forbidden.append((line, "<style> in the page"))


def forbidden_in(source: str) -> list[tuple[int, str]]:
    markup = Markup()
    markup.feed(without_tags(source))
    markup.close()
    return markup.forbidden


def relative_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_templates_are_found() -> None:
    assert len(TEMPLATES) > 30


@pytest.mark.parametrize("path", TEMPLATES, ids=relative_name)
def test_no_template_has_inline_styles_or_scripts(path: Path) -> None:
    assert forbidden_in(path.read_text(encoding="utf-8")) == [], relative_name(path)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative_name)
def test_numbers_that_a_form_sends_back_have_no_separators(path: Path) -> None:
    """`{{ record.version }}` is written as 1,001, which is read as no version at all."""
    source = path.read_text(encoding="utf-8")
    assert re.findall(r'value="{{ (?:\w+\.)*(?:version|pk|id) }}"', source) == []


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.is_relative_to(FOLDER)], ids=relative_name
)
def test_every_template_compiles(path: Path) -> None:
    get_template(str(path.relative_to(FOLDER)))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative_name)
def test_loaded_and_included_files_exist(path: Path) -> None:
    missing = [
        match["name"]
        for match in NAMED_FILE.finditer(path.read_text(encoding="utf-8"))
        if not (
            finders.find(match["name"])
            if match[1] == "static"
            else any((each / match["name"]).is_file() for each in settings.TEMPLATES[0]["DIRS"])
        )
    ]
    assert missing == []


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red"></p>',
        '<button onclick="go()"></button>',
        "<script>go()</script>",
        "<style>p{}</style>",
        '<a href="javascript:go()"></a>',
        '<div hx-on:click="go()"></div>',
        '<img src="https://elsewhere.example/x.png">',
        '<script src="//elsewhere.example/x.js"></script>',
    ],
)
def test_forbidden_markup_is_found(source: str) -> None:
    assert forbidden_in(source)


def names_of(resolver: URLResolver, namespace: str = "") -> set[str]:
    names: set[str] = set()
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            names |= names_of(
                each, f"{namespace}{each.namespace}:" if each.namespace else namespace
            )
        elif each.name:
            names.add(f"{namespace}{each.name}")
    return names


def test_every_address_that_a_template_names_exists() -> None:
    known = names_of(get_resolver())
    named = {
        (template.name, found["name"])
        for template in TEMPLATES
        for found in NAMED_ADDRESS.finditer(template.read_text())
    }
    assert len(named) > 100
    assert sorted(each for each in named if each[1] not in known) == []

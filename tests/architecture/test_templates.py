"""Templates keep four promises: every word goes through gettext, nothing is styled or scripted in
the page itself (the content security policy would refuse it), every file can be compiled, and what
a page loads or includes is there."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "templates"
TEMPLATES = sorted(
    path
    for pattern in ("templates/**/*.html", "*/templates/**/*.html", "*/*/templates/**/*.html")
    for path in ROOT.glob(pattern)
    if ".venv" not in path.parts
)

HOLE = "\ue000"
SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-description", "data-label"}
TEXT_OPTIONS = "title|label|hint|link_label|text|heading|lead|sr_label|placeholder"
UNSPOKEN_ELEMENTS = {"code", "kbd", "svg", "style", "script"}

COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", re.S)
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?%}.*?{%\s*endblocktrans(?:late)?\s*%}", re.S)
VERBATIM = re.compile(r"{%\s*verbatim\b.*?%}.*?{%\s*endverbatim.*?%}", re.S)
# Blocks that fill a class or a data attribute: their words are names, not speech.
NAMING_BLOCK = re.compile(
    r"{%\s*block\s+(?:\w+_class|\w+_variant|area)\s*%}.*?{%\s*endblock(?:\s+\w+)?\s*%}", re.S
)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.S)
BARE_OPTION = re.compile(rf"\b(?:{TEXT_OPTIONS})=(?P<quote>[\"'])(?P<words>.*?)(?P=quote)")
NAMED_FILE = re.compile(r"{%\s*(static|extends|include)\s+([\"'])(?P<name>[^\"']+)\2")
FIRST_WORDS = re.compile(r"{%\s*(?:badge|status_badge)\s+[\"'](?P<words>.*?)[\"']")


class Words(HTMLParser):
    """Collects what a reader would see or hear, with its line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.forbidden: list[tuple[int, str]] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSPOKEN_ELEMENTS:
            self.inside.append(tag)
        self.look(tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.look(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data: str) -> None:
        line = self.getpos()[0]
        if self.inside and self.inside[-1] == "script" and data.strip(f"{HOLE} \n"):
            self.forbidden.append((line, "script in the page"))
        if not self.inside and has_words(data):
            self.found.append((line, data.strip(f"{HOLE} \n")))

    def look(self, tag: str, attrs: dict[str, str | None]) -> None:
        line = self.getpos()[0]
        for name, value in attrs.items():
            if name in SPOKEN and value and has_words(value):
                self.found.append((line, f"{name}={value}"))
            if name == "style" or name.startswith(("on", "hx-on")):
                self.forbidden.append((line, f"{name} on <{tag}>"))
            if name in {"href", "src", "action"} and (value or "").startswith("javascript:"):
                self.forbidden.append((line, f"{name}=javascript:"))
            elsewhere = re.match(r"(https?:)?//", value or "")
            if name in {"href", "src", "action"} and elsewhere and tag != "a":
                self.forbidden.append((line, f"another host in {name} on <{tag}>"))
        if tag == "style":
            self.forbidden.append((line, "<style> in the page"))


def has_words(text: str) -> bool:
    return any(char.isalpha() for char in text.replace(HOLE, ""))


def hollow(match: re.Match[str]) -> str:
    """A hole that keeps the lines where they were."""
    return HOLE + "\n" * match.group().count("\n")


def examine(source: str) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Bare words and forbidden markup of one template."""
    for pattern in (COMMENT, VERBATIM, TRANSLATED, NAMING_BLOCK):
        source = pattern.sub(hollow, source)
    words = Words()
    for match in TAG.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        for pattern in (BARE_OPTION, FIRST_WORDS):
            words.found += [
                (line, bare["words"])
                for bare in pattern.finditer(match.group())
                if has_words(bare["words"])
            ]
    words.feed(TAG.sub(hollow, source))
    words.close()
    return words.found, words.forbidden


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_templates_to_look_at() -> None:
    assert len(TEMPLATES) > 30


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_word_goes_through_gettext(path: Path) -> None:
    found, _ = examine(path.read_text(encoding="utf-8"))
    assert found == [], f"{name_of(path)}: text outside {{% translate %}}"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_nothing_is_styled_or_scripted_in_the_page(path: Path) -> None:
    _, forbidden = examine(path.read_text(encoding="utf-8"))
    assert forbidden == [], name_of(path)


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.is_relative_to(FOLDER)], ids=name_of
)
def test_every_template_compiles(path: Path) -> None:
    get_template(str(path.relative_to(FOLDER)))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_what_a_page_loads_or_includes_is_there(path: Path) -> None:
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
    ("source", "words"),
    [
        ("<p>Hello</p>", "Hello"),
        ("<p>{{ name }} is late</p>", "is late"),
        ('<input placeholder="Search">', "placeholder=Search"),
        ('<button aria-label="Close {{ x }}"></button>', f"aria-label=Close {HOLE}"),
        ('{% panel title="Lines" %}{% endpanel %}', "Lines"),
        ('{% include "x.html" with label="Waiting" %}', "Waiting"),
        ('{% badge "Overdue" tone="warn" %}', "Overdue"),
        ("<p{% if a %} class='b'{% endif %}>Plain</p>", "Plain"),
    ],
)
def test_the_search_for_bare_words_finds_them(source: str, words: str) -> None:
    assert [found for _, found in examine(source)[0]] == [words]


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Hello" %} 12 · {{ name }}</p>',
        "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}",
        "{# a remark #}{% comment %}Another{% endcomment %}",
        '{% panel title=_("Lines") icon="box" %}{% endpanel %}',
        "<kbd>Esc</kbd><code>token</code>",
        "{% block page_class %}page--narrow{% endblock %}",
        '<a class="button" href="/desk/" data-shortcut="n">{{ label }}</a>',
    ],
)
def test_the_search_for_bare_words_lets_good_ones_pass(source: str) -> None:
    assert examine(source) == ([], [])


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
def test_the_search_for_forbidden_markup_finds_it(source: str) -> None:
    assert examine(source)[1]

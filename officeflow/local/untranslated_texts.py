"""Finds texts of pages that are not marked for translation; a part of ``make lint``.

In templates: text and readable attributes outside ``{% translate %}`` and ``{% blocktranslate %}``.
In Python: labels, choices, messages and errors that are plain strings.
"""

import ast
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from officeflow.local.var_folder import PACKAGES, PROJECT

# Texts of the terminal and of the API's description are in English only.
NOT_ON_PAGES = (
    "officeflow/local/",
    "/management/",
    "/migrations/",
    "/api/",
    "/api.py",
    "/checks.py",
)

PLACEHOLDER = "\ue000"  # stands for what a template tag outputs
TEXT_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "aria-description", "data-label"}
TEXT_ARGUMENTS = "title|label|hint|link_label|text|heading|lead|sr_label|placeholder"
CODE_ELEMENTS = {"code", "kbd", "svg", "style", "script"}

COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", re.S)
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?%}.*?{%\s*endblocktrans(?:late)?\s*%}", re.S)
VERBATIM = re.compile(r"{%\s*verbatim\b.*?%}.*?{%\s*endverbatim.*?%}", re.S)
# Blocks that fill a class or a data attribute, which nobody reads.
CLASS_BLOCK = re.compile(
    r"{%\s*block\s+(?:\w+_class|\w+_variant|area)\s*%}.*?{%\s*endblock(?:\s+\w+)?\s*%}", re.S
)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.S)
TEXT_ARGUMENT = re.compile(rf"\b(?:{TEXT_ARGUMENTS})=(?P<quote>[\"'])(?P<text>.*?)(?P=quote)")
BADGE_TEXT = re.compile(r"{%\s*(?:badge|status_badge)\s+[\"'](?P<text>.*?)[\"']")

# Keywords of calls and attributes of classes whose strings are shown to people.
TEXT_NAMES = {
    "empty_label", "explanation", "heading", "help_text", "hint", "label", "lead", "placeholder",
    "title", "todo", "verbose_name", "verbose_name_plural",
}  # fmt: skip
# Calls whose first string is shown: Refused("…"), messages.success(request, "…").
TEXT_CALLS = {"Conflict", "Refused", "ValidationError", "add_error"}
MESSAGE_CALLS = {"debug", "error", "info", "success", "warning"}


class TextCollector(HTMLParser):
    """Collects the visible texts and readable attributes with their lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collects the attributes and notes the start of an element that holds code."""
        if tag in CODE_ELEMENTS:
            self.inside.append(tag)
        self.handle_startendtag(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collects the attributes that people read."""
        self.found += [
            (self.getpos()[0], f"{name}={value}")
            for name, value in attrs
            if name in TEXT_ATTRIBUTES and value and has_letters(value)
        ]

    def handle_endtag(self, tag: str) -> None:
        """Notes the end of an element that holds code."""
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data: str) -> None:
        """Collects text outside elements that hold code."""
        if not self.inside and has_letters(data):
            self.found.append((self.getpos()[0], data.strip(f"{PLACEHOLDER} \n")))


def has_letters(text: str) -> bool:
    """Return whether the text has a letter besides the placeholders."""
    return any(char.isalpha() for char in text.replace(PLACEHOLDER, ""))


def blank_out(match: re.Match[str]) -> str:
    """Return a placeholder with as many line breaks as the match, which keeps the line numbers."""
    return PLACEHOLDER + "\n" * match.group().count("\n")


def texts_in_template(source: str) -> list[tuple[int, str]]:
    """Return the line and the text of each untranslated text of a template."""
    source = CLASS_BLOCK.sub(blank_out, without_blocks(source))
    collector = TextCollector()
    for tag in TAG.finditer(source):
        line = source.count("\n", 0, tag.start()) + 1
        for pattern in (TEXT_ARGUMENT, BADGE_TEXT):
            collector.found += [
                (line, match["text"])
                for match in pattern.finditer(tag.group())
                if has_letters(match["text"])
            ]
    collector.feed(TAG.sub(blank_out, source))
    collector.close()
    return collector.found


def without_blocks(source: str) -> str:
    """Return the template without comments, verbatim blocks and translated blocks."""
    for pattern in (COMMENT, VERBATIM, TRANSLATED):
        source = pattern.sub(blank_out, source)
    return source


def without_tags(source: str) -> str:
    """Return the template's markup without tags and variables."""
    return TAG.sub(blank_out, without_blocks(source))


def texts_in_python(source: str) -> list[tuple[int, str]]:
    """Return the line and the text of each untranslated text of a module."""
    found = [
        text_node for node in ast.walk(ast.parse(source)) for text_node in _text_expressions(node)
    ]
    return [
        (text_node.lineno, text)
        for text_node in found
        if (text := _text(text_node)) and has_letters(text) and (" " in text or text[0].isupper())
    ]


def _text_expressions(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions in a node whose text is shown to people."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        owner = getattr(getattr(node.func, "value", None), "id", "")
        if name in TEXT_CALLS:
            yield from node.args[:2]
        elif owner == "messages" and name in MESSAGE_CALLS:
            yield from node.args[1:2]
        elif owner == "models" and name.endswith("Field"):
            yield from node.args[:1]
        for keyword in node.keywords:
            if keyword.arg in TEXT_NAMES:
                yield keyword.value
            elif keyword.arg == "choices" and isinstance(keyword.value, ast.List | ast.Tuple):
                yield from _labels(keyword.value)
            elif keyword.arg == "error_messages" and isinstance(keyword.value, ast.Dict):
                yield from keyword.value.values
    elif isinstance(node, ast.ClassDef):
        choices = any("Choices" in ast.unparse(base) for base in node.bases)
        for each in node.body:
            if not isinstance(each, ast.Assign):
                continue
            names = {target.id for target in each.targets if isinstance(target, ast.Name)}
            if names & TEXT_NAMES:
                yield each.value
            elif choices and isinstance(each.value, ast.Tuple):
                yield from each.value.elts[-1:]


def _labels(choices: ast.List | ast.Tuple) -> Iterator[ast.expr]:
    for each in choices.elts:
        if isinstance(each, ast.Tuple):
            yield from each.elts[1:2]


def _text(node: ast.expr) -> str:
    """Return the literal part of a string, an f-string or a formatting with %."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(each) for each in node.values)
    if isinstance(node, ast.BinOp):
        return _text(node.left)
    return ""


def main() -> int:
    """Print every untranslated text with its place; return 1 when there is any."""
    found = []
    for path in templates():
        found += [(path, *each) for each in texts_in_template(path.read_text(encoding="utf-8"))]
    for path in modules():
        found += [(path, *each) for each in texts_in_python(path.read_text(encoding="utf-8"))]
    for path, line, text in found:
        print(f"{path.relative_to(PROJECT)}:{line}: text outside gettext: {text}")
    return 1 if found else 0


def templates() -> list[Path]:
    """Return every template."""
    return sorted(
        path
        for folder in ("templates", *PACKAGES)
        for path in (PROJECT / folder).rglob("*.html")
        if "templates" in path.parts
    )


def modules() -> list[Path]:
    """Return every module whose texts can appear on a page."""
    return sorted(
        path
        for folder in PACKAGES
        for path in (PROJECT / folder).rglob("*.py")
        if not any(part in path.as_posix() for part in NOT_ON_PAGES)
    )


if __name__ == "__main__":
    sys.exit(main())

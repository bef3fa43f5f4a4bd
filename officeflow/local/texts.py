"""What people read and no translator would find: a part of ``make lint``.

In templates: text and spoken attributes outside ``{% translate %}`` and its kin. In Python: labels,
choices, messages and refusals that are plain strings.
"""

import ast
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from officeflow.local.places import PROJECT

CODE = ("officeflow", "frontdesk", "backoffice")
# What is read in a terminal by those who run the office, and in the API's description by those who
# program.
NOT_ON_PAGES = (
    "officeflow/local/",
    "/management/",
    "/migrations/",
    "/api/",
    "/api.py",
    "/checks.py",
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
FIRST_WORDS = re.compile(r"{%\s*(?:badge|status_badge)\s+[\"'](?P<words>.*?)[\"']")

# What a call's keyword or a class's attribute of this name says is read by somebody.
SPOKEN_NAMES = {
    "empty_label", "explanation", "heading", "help_text", "hint", "label", "lead", "placeholder",
    "title", "todo", "verbose_name", "verbose_name_plural",
}  # fmt: skip
# Calls whose first text is read: Refused("…"), messages.success(request, "…").
SPOKEN_CALLS = {"Conflict", "Refused", "ValidationError", "add_error"}
MESSAGE_CALLS = {"debug", "error", "info", "success", "warning"}


class Words(HTMLParser):
    """Collects what a reader would see or hear, with its line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Looks at what is spoken and enters what is not."""
        if tag in UNSPOKEN_ELEMENTS:
            self.inside.append(tag)
        self.handle_startendtag(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Looks at the attributes that are spoken."""
        self.found += [
            (self.getpos()[0], f"{name}={value}")
            for name, value in attrs
            if name in SPOKEN and value and has_words(value)
        ]

    def handle_endtag(self, tag: str) -> None:
        """Leaves what is not spoken."""
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data: str) -> None:
        """Looks at text."""
        if not self.inside and has_words(data):
            self.found.append((self.getpos()[0], data.strip(f"{HOLE} \n")))


def has_words(text: str) -> bool:
    """Whether there is a letter in what does not come from a variable."""
    return any(char.isalpha() for char in text.replace(HOLE, ""))


def hollow(match: re.Match[str]) -> str:
    """A hole that keeps the lines where they were."""
    return HOLE + "\n" * match.group().count("\n")


def in_template(source: str) -> list[tuple[int, str]]:
    """The line and the words of every bare text of a template."""
    source = NAMING_BLOCK.sub(hollow, without_blocks(source))
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
    return words.found


def without_blocks(source: str) -> str:
    """A template without what is not shown, and without what is translated."""
    for pattern in (COMMENT, VERBATIM, TRANSLATED):
        source = pattern.sub(hollow, source)
    return source


def without_tags(source: str) -> str:
    """A template's markup alone."""
    return TAG.sub(hollow, without_blocks(source))


def in_python(source: str) -> list[tuple[int, str]]:
    """The line and the words of every bare text of a module that is surely read by somebody."""
    found = [bare for node in ast.walk(ast.parse(source)) for bare in _spoken(node)]
    return [
        (bare.lineno, text)
        for bare in found
        if (text := _text(bare)) and has_words(text) and (" " in text or text[0].isupper())
    ]


def _spoken(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions of a node that are read as they are."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        owner = getattr(getattr(node.func, "value", None), "id", "")
        if name in SPOKEN_CALLS:
            yield from node.args[:2]
        elif owner == "messages" and name in MESSAGE_CALLS:
            yield from node.args[1:2]
        elif owner == "models" and name.endswith("Field"):
            yield from node.args[:1]
        for keyword in node.keywords:
            if keyword.arg in SPOKEN_NAMES:
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
            if names & SPOKEN_NAMES:
                yield each.value
            elif choices and isinstance(each.value, ast.Tuple):
                yield from each.value.elts[-1:]


def _labels(choices: ast.List | ast.Tuple) -> Iterator[ast.expr]:
    for each in choices.elts:
        if isinstance(each, ast.Tuple):
            yield from each.elts[1:2]


def _text(node: ast.expr) -> str:
    """What a string, formatted or put together with %, says by itself."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(each) for each in node.values)
    if isinstance(node, ast.BinOp):
        return _text(node.left)
    return ""


def main() -> int:
    """Print every bare text with its place; 1 when there is any."""
    found = []
    for path in templates():
        found += [(path, *bare) for bare in in_template(path.read_text(encoding="utf-8"))]
    for path in modules():
        found += [(path, *bare) for bare in in_python(path.read_text(encoding="utf-8"))]
    for path, line, text in found:
        print(f"{path.relative_to(PROJECT)}:{line}: text outside gettext: {text}")
    return 1 if found else 0


def templates() -> list[Path]:
    """Every template of a page."""
    return sorted(
        path
        for folder in ("templates", *CODE)
        for path in (PROJECT / folder).rglob("*.html")
        if "templates" in path.parts
    )


def modules() -> list[Path]:
    """Every module whose texts may stand on a page."""
    return sorted(
        path
        for folder in CODE
        for path in (PROJECT / folder).rglob("*.py")
        if not any(part in path.as_posix() for part in NOT_ON_PAGES)
    )


if __name__ == "__main__":
    sys.exit(main())

"""Finds every page that links lead to, some of each kind."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import APIRequestContext

MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
TAG = re.compile(r"<(\w+)([^>]*)>")
CLASSES = re.compile(r"""\sclass=["']([^"']*)""")
LINK = re.compile(r"""<a\s[^>]*?href=["']([^"'#]+)""")


@dataclass
class Kind:
    """One kind of page, such as orders, with the longest of the pages that were read."""

    name: str
    path: str = ""
    length: int = -1
    parts: frozenset[str] = frozenset()  # elements with classes in its main part: "td.num"
    seen: set[str] = field(default_factory=set)


@dataclass
class Pages:
    """The pages by kind, and the addresses that answered with an error."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def parts_of(text: str) -> frozenset[str]:
    """Returns each element with each of its classes in the main part of the page."""
    own = MAIN.search(text)
    parts = set()
    for tag, attributes in TAG.findall(own[0] if own else ""):
        classes = CLASSES.search(attributes)
        parts |= {f"{tag}.{name}" for name in (classes[1].split() if classes else [""])}
    return frozenset(parts)


def kind_of(path: str, *, by_department: bool) -> str | None:
    """Returns the name of the page's view, with the department when `by_department` is true."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    department = match.kwargs.get("department", "") if by_department else ""
    return f"{match.view_name} {department}".strip() if match.view_name else None


def crawl(requests: APIRequestContext, *starts: str, per_kind: int, by_department: bool) -> Pages:
    """Follows all links from the start pages and reads up to `per_kind` pages of each kind."""
    found = Pages()
    waiting = deque(starts)
    while waiting:
        path = waiting.popleft()
        name = kind_of(path, by_department=by_department)
        if name is None or name.startswith(("admin:", "staff:sign-out")):
            continue
        kind = found.kinds.setdefault(name, Kind(name))
        if path in kind.seen or len(kind.seen) >= per_kind:
            continue
        kind.seen.add(path)
        answer = requests.get(path)
        if not answer.ok:
            found.broken.append(f"{answer.status} {path}")
            continue
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        text = answer.text()
        if len(text) > kind.length and "<html" in text[:500]:
            kind.length, kind.path, kind.parts = len(text), path, parts_of(text)
        for link in LINK.findall(text):
            target = urljoin(path, unescape(link))
            if target.startswith("/"):
                waiting.append(target)
    return found

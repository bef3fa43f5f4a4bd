"""``make messages``: collects the texts of the pages for translators, without GNU gettext.

Writes ``officeflow/locale/django.pot``, updates each language's ``django.po`` from it and compiles
the translations into ``django.mo``. Languages named in ``ARGS`` get an empty ``django.po``.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from officeflow.local.output import say
from officeflow.local.var_folder import PACKAGES, PROJECT, OfficeError

LOCALE = PROJECT / "officeflow" / "locale"
TEMPLATES = ("templates", *PACKAGES)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **dict.fromkeys(("gettext_lazy", "gettext_noop", "t")),
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
COMMENTS = ["Translators:"]


def messages(languages: Iterable[str] = (), locale: Path = LOCALE) -> int:
    """Update the template and every catalogue, print how much is translated, and return 0.

    Raises:
        OfficeError: a language does not exist.
    """
    template = collect()
    locale.mkdir(exist_ok=True)
    _write(locale / "django.pot", template)
    say(f"{len(template)} texts in {locale.name}/django.pot")
    for language in languages:
        try:
            catalogue = Catalog(locale=Locale.parse(language), domain="django")
        except (UnknownLocaleError, ValueError) as error:
            raise OfficeError(f"{language} is not a language: {error}") from error
        path = locale / language / "LC_MESSAGES" / "django.po"
        if not path.exists():
            path.parent.mkdir(parents=True)
            _write(path, catalogue)
    for path in sorted(locale.glob("*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3], domain="django")
        catalogue.update(template, no_fuzzy_matching=True)
        _write(path, catalogue)
        done = sum(bool(each.id and _is_translated(each)) for each in catalogue)
        if done:
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, catalogue)
        say(f"{path.parts[-3]}: {done} of {len(catalogue)} translated")
    return 0


def collect() -> Catalog:
    """Return all texts of the code and the templates with their places."""
    found = Catalog(project="OfficeFlow", domain="django", charset="utf-8")
    for path, source in _sources():
        name = str(path.relative_to(PROJECT))
        for line, text, comments, context in extract(
            "python", BytesIO(source.encode()), KEYWORDS, COMMENTS
        ):
            found.add(text, None, [(name, line)], auto_comments=comments, context=context)
    return found


def _sources() -> Iterator[tuple[Path, str]]:
    """Yield the source of each module, and each template as Python with its texts as calls."""
    for folder in PACKAGES:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            yield path, path.read_text(encoding="utf-8")
    for folder in TEMPLATES:
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.suffix in {".html", ".txt"} and "templates" in path.parts:
                source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
                # The remaining markup is not Python, so its indentation has to go.
                yield path, "\n".join(line.lstrip() for line in source.split("\n"))


def _is_translated(message: Message) -> bool:
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms) and not message.fuzzy


def _write(path: Path, catalogue: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, ignore_obsolete=True)

"""The supported languages: those with translated texts, in each of their regions."""

from __future__ import annotations

import re
from pathlib import Path

from babel.localedata import locale_identifiers
from django.conf import settings

from officeflow.formats import locale_of

SOURCE = "en"  # the language of the texts in the code, American English


def translated(folder: Path) -> list[tuple[str, str]]:
    """Returns the source language and those with a translation, each with its own name."""
    found = {each.parts[-3] for each in folder.glob("*/LC_MESSAGES/django.mo")}
    codes = [SOURCE, *sorted(each.lower().replace("_", "-") for each in found - {SOURCE})]
    return [(code, str(locale_of(code).get_display_name())) for code in codes]


def with_regions(languages: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Returns the languages with each of their regions, as choices sorted by name."""
    offered = []
    for code, name in languages:
        spoken = locale_of(code)
        pattern = re.compile(rf"{spoken}_([A-Z]{{2}})")
        regions = [match[1] for each in locale_identifiers() if (match := pattern.fullmatch(each))]
        offered += [
            (f"{code}-{region.lower()}", f"{name} ({spoken.territories[region]})")
            for region in regions
            if (code, region) != (SOURCE, "US")
        ]
        plain = f"{name} ({spoken.territories['US']})" if code == SOURCE else name
        offered.append((code, plain))
    return sorted(offered, key=lambda each: each[1])


def text_language(language: str) -> str:
    """Returns the language of the texts for a supported language: `en` for `en-gb`."""
    known = dict(settings.TEXT_LANGUAGES)
    while language and language not in known:
        language = language.rpartition("-")[0]
    return language or SOURCE

"""The supported languages, and where their texts come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from officeflow.formats.languages import text_language, translated, with_regions


def test_only_translated_languages_are_offered() -> None:
    assert translated(settings.LOCALE_PATHS[0]) == settings.TEXT_LANGUAGES
    texts = dict(settings.TEXT_LANGUAGES)
    assert {text_language(code) for code, _name in settings.LANGUAGES} == set(texts)
    assert all(len(code) <= 10 for code, _name in settings.LANGUAGES)


def test_english_is_offered_in_every_region() -> None:
    offered = dict(with_regions(translated(Path("/nowhere"))))
    assert offered["en"] == "English (United States)"
    assert offered["en-gb"] == "English (United Kingdom)"
    assert offered["en-de"] == "English (Germany)"
    assert "de" not in offered


def test_a_translation_adds_its_language_and_regions(tmp_path: Path) -> None:
    for name in ("de", "pt_BR"):
        (tmp_path / name / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / name / "LC_MESSAGES" / "django.mo").touch()
    texts = translated(tmp_path)
    assert texts == [("en", "English"), ("de", "Deutsch"), ("pt-br", "português (Brasil)")]
    offered = dict(with_regions(texts))
    assert offered["de"] == "Deutsch"
    assert offered["de-at"] == "Deutsch (Österreich)"
    assert offered["pt-br"] == "português (Brasil)"
    assert "pt-pt" not in offered


@pytest.mark.parametrize(
    ("language", "words"), [("en", "en"), ("en-gb", "en"), ("de", "en"), ("", "en")]
)
def test_text_language_is_the_language_of_the_translation(language: str, words: str) -> None:
    assert text_language(language) == words

"""``make messages``: the texts of the pages, collected for translators."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from officeflow.local.messages import collect, messages
from officeflow.local.var_folder import OfficeError


def test_texts_of_code_and_templates_are_found_with_their_plurals() -> None:
    found = collect()
    assert found["Save"].locations  # {% translate %}
    assert found["Go to %(link)s"].python_format  # {% blocktranslate %}
    assert found["Choose one of the languages."].locations[0][0].endswith(".py")
    assert found[("%(count)d day", "%(count)d days")].pluralizable
    assert len(found) > 1000


def test_a_catalogue_is_created_updated_and_compiled_once_it_has_a_translation(
    tmp_path: Path,
) -> None:
    messages(["de"], tmp_path)
    path = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    assert not path.with_suffix(".mo").exists()
    with path.open("rb") as file:
        catalogue = read_po(file, locale="de")
    catalogue["Save"].string = "Speichern"
    with path.open("wb") as file:
        write_po(file, catalogue)
    messages((), tmp_path)
    assert "Speichern" in path.read_text()
    assert path.with_suffix(".mo").exists()


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OfficeError, match="qq"):
        messages(["qq"], tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["django.pot"]

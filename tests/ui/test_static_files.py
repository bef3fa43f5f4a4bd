"""The names of scripts in production."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from django.core.files.storage import FileSystemStorage

from officeflow.local.var_folder import PROJECT
from officeflow.ui.static_files import StaticFiles

SCRIPTS = "officeflow/js"
IMPORT = re.compile(r"""^import\b.*?["'](\./[^"']+)["'];""", re.MULTILINE)


def test_a_script_has_one_name_for_pages_and_for_scripts_that_import_it(tmp_path: Path) -> None:
    source = PROJECT / "officeflow" / "static"
    shutil.copytree(source / SCRIPTS, tmp_path / SCRIPTS)
    names = [f"{SCRIPTS}/{path.name}" for path in (tmp_path / SCRIPTS).glob("*.js")]
    storage = StaticFiles(location=str(tmp_path), base_url="/static/")
    files = FileSystemStorage(location=str(source))
    for _name, _hashed, done in storage.post_process({name: (files, name) for name in names}):
        assert not isinstance(done, Exception), done
    named = set(storage.hashed_files.values())
    imported = {
        f"{SCRIPTS}/{match[1].removeprefix('./')}"
        for name in named
        for match in IMPORT.finditer((tmp_path / name).read_text())
    }
    assert len(imported) > 3
    assert imported <= named

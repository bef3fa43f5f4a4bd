"""The fixtures of all tests: people by name, the office, products, applied hand-offs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_migrate
from django.template.backends.django import Template
from django.template.base import NodeList
from django.template.loader import get_template
from hypothesis import settings as hypothesis_settings

from officeflow.handoff.applying import draining
from officeflow.local.pytest_plugin import shared_template
from tests.factories import *  # noqa: F403 (fixtures)
from tests.moments import moment, stopped_clock  # noqa: F401 (fixtures)
from tests.people import *  # noqa: F403 (fixtures)

# The slowest files start first, so that all cores are busy until the end.
# docs/contributing.md says how to find them.
LONGEST = (
    "journeys/test_every_page.py",
    "local/test_office_run.py",
    "staff/test_permission_matrix.py",
    "faults",
    "journeys",
    "ui/test_control_characters.py",
    "hr/test_sealed_everywhere.py",
    "handoff/test_model.py",
    "local",
)
# A property does not depend on how busy the machine is.
hypothesis_settings.register_profile("suite", deadline=None)
hypothesis_settings.load_profile("suite")
# `--hypothesis-profile=deep`: many examples of a property, for a search by hand.
hypothesis_settings.register_profile("deep", max_examples=10_000, deadline=None)
NEVER_WRITTEN = {"django_content_type", "auth_permission"}
PERMISSIONS_ARE_CREATED = "django.contrib.auth.management.create_permissions"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the longest files first; the others keep their order."""

    def place(item: pytest.Item) -> int:
        found = (at for at, name in enumerate(LONGEST) if f"tests/{name}" in item.path.as_posix())
        return next(found, len(LONGEST))

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def _files_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Stores uploaded files in a temporary folder."""
    settings.OFFICE_FILES_DIR = tmp_path_factory.mktemp("files")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Lets test processes copy one migrated database, and empties tables with DELETE.

    DELETE is faster than TRUNCATE, which creates new files for every table. Tables that no test
    writes to are not emptied. The lock waits for open transactions, as TRUNCATE does. When the
    database user may not disable triggers, Django's TRUNCATE is used.
    """
    if template := shared_template():
        connection.settings_dict["TEST"]["TEMPLATE"] = template
    operations = type(connection.ops)
    truncate = operations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, **how: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SHOW is_superuser")
            if cursor.fetchone() != ("on",):
                return truncate(self, style, tables, **how)
        names = [self.quote_name(name) for name in tables if name not in NEVER_WRITTEN]
        return [
            "SET LOCAL session_replication_role = replica",
            f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE",
            "; ".join(f"DELETE FROM {name}" for name in names),
        ]

    operations.sql_flush = sql_flush  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Keeps Django from looking after each flush for rows that are never deleted."""
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid=PERMISSIONS_ARE_CREATED)


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Empties the cache, which holds rate limits, before each test."""
    cache.clear()


@pytest.fixture
def bare_error_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws error pages without content, for tests of the statuses of hundreds of requests."""
    for status in (400, 403, 404, 405):
        template: Any = get_template(f"{status}.html")
        monkeypatch.setattr(template.template, "nodelist", NodeList())


@pytest.fixture
def blank_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws no pages at all, for tests of who may open them; views do their work all the same."""
    draw = Template.render

    def render(self: Template, *args: Any, **context: Any) -> str:
        # Components are kept by the process that draws them.
        is_component = str(self.template.name).startswith("components/")
        return draw(self, *args, **context) if is_component else ""

    monkeypatch.setattr(Template, "render", render)


@pytest.fixture
def drain() -> Callable[[], int]:
    """Returns a function that applies all waiting hand-offs in this process."""
    return draining.drain

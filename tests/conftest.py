"""What every test can ask for: people by name, the office and its goods, a drained corridor."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import cache

from officeflow.handoff import relay
from tests.factories import *  # noqa: F403 (fixtures)
from tests.people import *  # noqa: F403 (fixtures)


@pytest.fixture(scope="session", autouse=True)
def _files_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What tests hand in stands in a folder that goes when they are done."""
    settings.OFFICE_FILES_DIR = tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Throttles and the like do not carry over from test to test."""
    cache.clear()


@pytest.fixture
def drain() -> Callable[[], int]:
    """Applies every hand-off that waits, in this process, as the workers would."""
    return relay.drain

"""The office's settings with the app that makes orders fail."""

from officeflow.settings import *  # noqa: F403
from officeflow.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.failing"]

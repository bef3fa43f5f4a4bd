"""The house's own settings, with one more room: the one from which trouble comes."""

from officeflow.settings import *  # noqa: F403
from officeflow.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.trouble"]

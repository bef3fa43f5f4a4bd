"""The house's own settings, with the benchmark's consumer and its plain Celery tasks."""

from officeflow.settings import *  # noqa: F403
from officeflow.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.corridor"]

"""The office's settings with the app of the benchmark and without rate limits."""

from officeflow.settings import *  # noqa: F403
from officeflow.settings import INSTALLED_APPS, REST_FRAMEWORK

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.handoffs"]
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_CLASSES": []}

"""The office's own settings, with the benchmark's consumer and its plain Celery tasks.

Nobody is throttled: one person orders here as often as a whole counter does.
"""

from officeflow.settings import *  # noqa: F403
from officeflow.settings import INSTALLED_APPS, REST_FRAMEWORK

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.handoffs"]
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_CLASSES": []}

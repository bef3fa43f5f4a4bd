"""The WSGI application that `officeflow.web_server` serves."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

# "Cannot start", as other WSGI servers take it too.
BOOT_ERROR = 3

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "officeflow.settings")
os.environ.setdefault("OFFICEFLOW_PART", "web")  # somebody waits for its answer: see the settings

try:
    application = get_wsgi_application()
    # Every page's code, read before the first customer stands at the counter instead of then.
    _ = get_resolver().url_patterns
except ImproperlyConfigured as error:
    sys.stderr.write(f"officeflow: {error}\n")
    sys.exit(BOOT_ERROR)

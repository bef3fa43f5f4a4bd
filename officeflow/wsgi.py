"""The web server's door."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

# What gunicorn takes as "cannot start": it ends instead of trying again for ever.
BOOT_ERROR = 3

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "officeflow.settings")
os.environ.setdefault("OFFICEFLOW_PART", "web")  # somebody waits for its answer: see the settings

try:
    application = get_wsgi_application()
except ImproperlyConfigured as error:
    sys.stderr.write(f"officeflow: {error}\n")
    sys.exit(BOOT_ERROR)

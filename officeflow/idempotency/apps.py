"""Idempotency as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdempotencyConfig(AppConfig):
    """The submissions of forms and API calls."""

    name = "officeflow.idempotency"
    label = "idempotency"
    verbose_name = _("Idempotency")

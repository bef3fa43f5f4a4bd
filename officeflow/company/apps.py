"""The Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompanyConfig(AppConfig):
    """The office itself."""

    name = "officeflow.company"
    label = "company"
    verbose_name = _("Company")

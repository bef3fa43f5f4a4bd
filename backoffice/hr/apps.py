from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HRConfig(AppConfig):
    name = "backoffice.hr"
    label = "hr"
    verbose_name = _("HR")

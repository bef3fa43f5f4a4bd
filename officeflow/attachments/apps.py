"""The attachments as an app of the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttachmentsConfig(AppConfig):
    """Files that hang on orders, complaints, tickets and customers."""

    name = "officeflow.attachments"
    label = "attachments"
    verbose_name = _("Attachments")

"""The catalogue as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """The products of the office."""

    name = "officeflow.catalogue"
    label = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Registers navigation and imports, and changes price lists with the office's currency."""
        from officeflow.catalogue import imports, navigation  # noqa: F401 (register)
        from officeflow.catalogue.actions import follow_currency
        from officeflow.company.signals import currency_changed

        navigation.register_all()
        currency_changed.connect(follow_currency, dispatch_uid="catalogue.follow_currency")

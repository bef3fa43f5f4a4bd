"""The Django app of the room; it puts up the signpost to its pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """What the office sells."""

    name = "officeflow.catalogue"
    label = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Puts up the signpost, and lets prices follow the office's currency."""
        from officeflow.catalogue import search
        from officeflow.catalogue.actions import follow_currency
        from officeflow.company import currency
        from officeflow.permissions import Permission
        from officeflow.ui.administration import Card, register_card
        from officeflow.ui.navigation import NavItem, register

        register_card(
            Card(
                section="goods",
                label=_("Products"),
                text=_("What the office sells, and at which prices."),
                url_name="catalogue:products",
                icon="tag",
                permission=Permission.MANAGE_CATALOGUE,
                order=10,
            )
        )
        register_card(
            Card(
                section="goods",
                label=_("Tax rates"),
                text=_("What products are taxed with, and whether prices include it."),
                url_name="catalogue:tax",
                icon="ledger",
                permission=Permission.MANAGE_CATALOGUE,
                order=30,
            )
        )
        register_card(
            Card(
                section="goods",
                label=_("Categories"),
                text=_("The shelves that products stand on."),
                url_name="catalogue:categories",
                icon="backlog",
                permission=Permission.MANAGE_CATALOGUE,
                order=20,
            )
        )
        search.register()
        currency.follow(follow_currency)
        import officeflow.catalogue.imports  # noqa: F401 (registers what is read in)

        register(
            NavItem(
                area="administration",
                label=_("Products"),
                url_name="catalogue:products",
                icon="tag",
                permission=Permission.VIEW_CATALOGUE,
                prefix="/administration/products/",
                order=20,
            )
        )

"""The Django app of accounting; it registers its consumers and its places in the navigation."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountingConfig(AppConfig):
    """The department that bills and keeps the books."""

    name = "backoffice.accounting"
    label = "accounting"
    verbose_name = _("Accounting")

    def ready(self) -> None:
        """Registers consumers, reference rows and navigation."""
        from backoffice.accounting import consumers, search  # noqa: F401 (registers them)
        from backoffice.accounting.reference import ensure_after_migrate
        from officeflow.permissions import Permission
        from officeflow.ui.navigation import NavItem, register

        search.register()
        post_migrate.connect(ensure_after_migrate, sender=self, dispatch_uid="chart_of_accounts")
        register(
            NavItem(
                area="backoffice",
                label=_("Invoices"),
                url_name="accounting:invoices",
                icon="invoice",
                permission=Permission.VIEW_BOOKS,
                order=60,
                shortcut="i",
            )
        )
        register(
            NavItem(
                area="backoffice",
                label=_("Journal"),
                url_name="accounting:journal",
                icon="ledger",
                permission=Permission.VIEW_BOOKS,
                order=61,
                shortcut="j",
                prefix="/office/accounting/",
            )
        )

"""The Django app of HR; it registers its consumers, its panel on tickets and its places."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HRConfig(AppConfig):
    """The department that looks after the staff. Nothing of it is in the technical admin."""

    name = "backoffice.hr"
    label = "hr"
    verbose_name = _("HR")

    def ready(self) -> None:
        """Registers consumers, the panel of a sealed case, reference rows and navigation."""
        from backoffice.hr import consumers  # noqa: F401 (registers them)
        from backoffice.hr.queries import case_panel
        from backoffice.hr.reference import ensure_after_migrate
        from backoffice.tickets import departments
        from officeflow.permissions import Department, Permission
        from officeflow.ui.navigation import NavItem, register

        post_migrate.connect(ensure_after_migrate, sender=self, dispatch_uid="commission_rate")
        departments.register(
            Department.HR,
            departments.Hooks(
                detail_template="backoffice/hr/case_panel.html", detail_context=case_panel
            ),
        )
        register(
            NavItem(
                area="backoffice",
                label=_("Commissions"),
                url_name="hr:commissions",
                icon="commission",
                permission=Permission.VIEW_COMMISSIONS,
                order=70,
                prefix="/office/hr/commissions/",
            )
        )
        register(
            NavItem(
                area="you",
                label=_("My commissions"),
                url_name="hr:my-commissions",
                icon="commission",
                order=20,
            )
        )

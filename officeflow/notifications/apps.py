"""Notifications as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """The notifications of both sides, which register theirs as sources."""

    name = "officeflow.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        """Registers the item of the user menu."""
        from officeflow.permissions import Department, Permission, view_permission
        from officeflow.ui.navigation import NavItem, register_nav_item

        queues = (view_permission(department) for department in Department)
        register_nav_item(
            NavItem(
                area="you",
                label=_("Notifications"),
                url_name="notifications:list",
                icon="bell",
                permission=(Permission.VIEW_DESK, Permission.VIEW_DASHBOARDS, *queues),
                order=10,
                shortcut="y",
            )
        )

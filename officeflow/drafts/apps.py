"""Drafts as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DraftsConfig(AppConfig):
    """What people have typed into forms and not sent yet."""

    name = "officeflow.drafts"
    label = "drafts"
    verbose_name = _("Drafts")

    def ready(self) -> None:
        """Registers the list of drafts, the deletion of old ones, and the keeping of forms."""
        from officeflow.drafts.actions import delete_old_drafts
        from officeflow.drafts.sent_forms import end_kept_form, keep_form
        from officeflow.handoff.maintenance import periodic_jobs
        from officeflow.staff.unsent_forms import FormStore, register_store
        from officeflow.ui.navigation import NavItem, register_nav_item

        register_store(FormStore(keep=keep_form, accepted=end_kept_form))
        periodic_jobs.register("old_drafts", interval_seconds=600, run=delete_old_drafts)
        register_nav_item(
            NavItem(area="you", label=_("Drafts"), url_name="drafts:list", icon="edit", order=15)
        )

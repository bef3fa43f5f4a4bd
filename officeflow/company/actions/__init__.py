"""Every write of the office's settings, sites, opening hours and closures."""

from officeflow.company.actions.hours import (
    OFFICE_HOURS,
    Hours,
    NoSuchClosure,
    add_closure,
    check_hours,
    hours_of_week,
    remove_closure,
    set_opening_hours,
    weekly,
)
from officeflow.company.actions.office import (
    AlreadySetUp,
    OfficeSettings,
    change_office,
    hide_checklist,
    set_up_office,
    settings_of,
    show_checklist,
)
from officeflow.company.actions.sites import add_site, change_site

__all__ = [
    "OFFICE_HOURS",
    "AlreadySetUp",
    "Hours",
    "NoSuchClosure",
    "OfficeSettings",
    "add_closure",
    "add_site",
    "change_office",
    "change_site",
    "check_hours",
    "hide_checklist",
    "hours_of_week",
    "remove_closure",
    "set_opening_hours",
    "set_up_office",
    "settings_of",
    "show_checklist",
    "weekly",
]

"""Writes of sites."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.company.models import Office, Site
from officeflow.company.signals import reason_to_keep_site
from officeflow.errors import Refused, StaleRecord

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@transaction.atomic
def add_site(*, actor: AbstractBaseUser, code: str, name: str, address: str = "") -> Site:
    """Adds a site, whose code never changes. Raises `Refused`."""
    code = code.strip().upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{0,11}", code):
        raise Refused(_("Use up to 12 letters, digits and hyphens, such as NORTH."), "code")
    try:
        with transaction.atomic():
            site = Site.objects.create(code=code, name=_clean_name(name), address=address.strip())
    except IntegrityError as error:
        raise Refused(_("Another site has this code. Choose another code."), "code") from error
    record(
        actor=actor,
        action="add_site",
        subject_kind="site",
        subject=code,
        changes={"name": (None, site.name)},
    )
    return site


@transaction.atomic
def change_site(
    *, actor: AbstractBaseUser, site: Site, version: int, name: str, address: str, is_active: bool
) -> Site:
    """Changes or deactivates a site; the main site and one that an app needs stay in use.

    Raises `StaleRecord` when `version` is not the current one, and `Refused`.
    """
    current = Site.objects.select_for_update().get(pk=site.pk)
    if current.version != version:
        raise StaleRecord(current)
    if not is_active and Office.objects.filter(main_site=current).exists():
        raise Refused(_("This is the main site. It must stay in use."), "is_active")
    if current.is_active and not is_active and (reason := reason_to_keep_site(current)):
        raise Refused(reason, "is_active")
    wanted = {"name": _clean_name(name), "address": address.strip(), "is_active": is_active}
    changes = {
        field: (getattr(current, field), value)
        for field, value in wanted.items()
        if getattr(current, field) != value
    }
    if not changes:
        return current
    for field, value in wanted.items():
        setattr(current, field, value)
    current.version += 1
    current.save()
    record(
        actor=actor,
        action="change_site",
        subject_kind="site",
        subject=current.code,
        changes=changes,
    )
    return current


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 100:
        raise Refused(_("Enter a name for the site, such as Main shop."), "name")
    return name

"""The template contexts of the panel of files."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.conf import settings
from django.urls import reverse

from officeflow import records
from officeflow.attachments import queries
from officeflow.attachments.models import DRAFT, FileKind
from officeflow.audit.models import Realm
from officeflow.staff.models import User
from officeflow.ui.live import entity_tag

ACCEPT = ",".join(FileKind.values)


def limits() -> dict[str, Any]:
    """Returns the accepted types and the size limit, which the page checks before an upload."""
    return {
        "accept": ACCEPT,
        "most_bytes": settings.ATTACHMENT_MOST_BYTES,
        "most_megabytes": settings.ATTACHMENT_MOST_BYTES // (1024 * 1024),
    }


def list_context(user: User, kind: str, number: str, about: str = "") -> dict[str, Any]:
    """Returns the files of a record; `about_files` are those of the record `about`."""
    holders = _holders(kind, number, about)
    rows = queries.rows_on(*holders)
    files, *others = (
        queries.visible_files(user, holder, own) for holder, own in zip(holders, rows, strict=True)
    )
    about_files = others[0] if others else []
    return {
        "kind": kind,
        "number": number,
        "about": about,
        "files": files,
        "about_files": about_files,
        "may_add": queries.may_add(user, kind, number),
        "is_hr": any(file.realm == Realm.HR for file in [*files, *about_files]),
        "version": _entity_tag(user, map(queries.version_of_rows, rows)),
        "list_url": _url("attachments:of", kind, number, about),
    }


def panel_context(user: User, kind: str, number: str, about: str = "") -> dict[str, Any]:
    """Returns the context of `list_context` with limits and the URL for uploads."""
    shown = list_context(user, kind, number, about)
    return {
        **shown,
        **limits(),
        "is_drawn": bool(shown["files"] or shown["about_files"] or shown["may_add"]),
        "add_url": reverse("attachments:add", args=[kind, number]),
    }


def drafts_context(user: User, token: str) -> dict[str, Any]:
    """Returns the drafts of a form, with limits and URLs."""
    return {
        "token": token,
        "files": queries.files_on(user, DRAFT, token) if token else [],
        "list_url": reverse("attachments:of", args=[DRAFT, token]),
        "add_url": reverse("attachments:add", args=[DRAFT, token]),
        **limits(),
    }


def version(user: User, kind: str, number: str, about: str = "") -> str:
    """Returns the entity tag of the list for this person."""
    return _entity_tag(user, map(queries.version_of, _holders(kind, number, about)))


def _entity_tag(user: User, versions: Iterable[queries.Version]) -> str:
    return entity_tag(user.pk, *chain.from_iterable(versions))


def _holders(kind: str, number: str, about: str) -> list[queries.Holder]:
    """Returns the record, and the one that it is about if that can have files."""
    holders, subject = [(kind, number)], records.kind_of_number(about)
    if subject is not None and subject.may_attach is not None:
        holders.append((subject.code, about))
    return holders


def _url(name: str, kind: str, number: str, about: str) -> str:
    url = reverse(name, args=[kind, number])
    return f"{url}?about={about}" if about else url

"""Showing files, adding and taking them away, with the permission of what they hang on."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officeflow.attachments import actions, panel, queries
from officeflow.attachments.checking import download_name, too_large
from officeflow.attachments.forms import RemoveForm
from officeflow.attachments.models import DRAFT, Attachment
from officeflow.attachments.storage import private_files
from officeflow.attachments.uploads import FIELD, too_large_names
from officeflow.audit.models import Realm
from officeflow.errors import Conflict, Refused
from officeflow.numbering import normalise
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal
from officeflow.ui.live import conditional, refresh

# What is handed out runs nothing, loads nothing and belongs to no origin.
DRAFT_TOKEN = re.compile(r"[0-9a-f]{32}")
LOCKED = "default-src 'none'; sandbox"


def _file_or_404(request: StaffRequest, number: str) -> Attachment:
    file = queries.find_file(request.user, number)
    if file is None:
        raise Http404
    return file


# --- the content ------------------------------------------------------------------------------


@require_safe
@requires()
def file_show(request: StaffRequest, number: str) -> HttpResponseBase:
    """The file itself: a picture is shown, `?download` saves it; a PDF is always saved."""
    file = _file_or_404(request, number)
    saved = "download" in request.GET or not file.is_picture
    return give(request, file, file.path, file.kind, saved=saved)


@require_safe
@requires()
def file_small(request: StaffRequest, number: str) -> HttpResponseBase:
    """The small picture of a picture."""
    file = _file_or_404(request, number)
    if not file.thumbnail_path:
        raise Http404
    return give(request, file, file.thumbnail_path, "image/jpeg", saved=False)


def give(
    request: Any, file: Attachment, path: str, content_type: str, *, saved: bool
) -> HttpResponseBase:
    """Hands a stored file out with every lock that browsers know.

    The browser may keep it, but asks each time whether it still may show it; what HR alone sees
    it must not keep.
    """
    version = f'"{path.rpartition("/")[2]}"'

    def content() -> FileResponse:
        try:
            opened = private_files().open(path)
        except FileNotFoundError:  # a restore without its files
            raise Http404 from None
        return FileResponse(
            opened,
            as_attachment=saved,
            filename=download_name(file.name),
            content_type=content_type,
        )

    response = conditional(request, version, content)
    response.headers["Content-Security-Policy"] = LOCKED
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if file.realm == Realm.HR:
        response.headers["Cache-Control"] = "private, no-store"
        del response.headers["ETag"]
    return response


# --- the list ---------------------------------------------------------------------------------


@never_cache
@require_safe
@requires()
def files_of(request: StaffRequest, kind: str, holder: str) -> HttpResponse:
    """What hangs on something: the list that refreshes itself, or a page of its own."""
    number = _holder_or_404(request, kind, holder)
    if kind == DRAFT:
        return render(request, "attachments/draft_list.html", panel.drafts(request.user, number))
    if not request.headers.get("HX-Request"):
        return _page(request, kind, number)
    about = normalise(request.GET.get("about", ""))
    version = panel.version(request.user, kind, number, about)
    return refresh(
        request,
        "attachments/list.html",
        version,
        lambda: panel.listed(request.user, kind, number, about),
    )


def _holder_or_404(request: StaffRequest, kind: str, holder: str, *, adding: bool = False) -> str:
    number = holder if kind == DRAFT else normalise(holder)
    allowed = queries.may_add if adding else queries.may_see
    if not allowed(request.user, kind, number):
        raise Http404
    return number


def _page(
    request: StaffRequest, kind: str, number: str, *, errors: list[str] | None = None
) -> HttpResponse:
    shown = panel.whole(request.user, kind, number)
    back = queries.record_url(kind, number)
    context = {**shown, "errors": errors or [], "back_url": back}
    status = 422 if errors else 200
    return render(request, "attachments/page.html", context, status=status)


@never_cache
@require_POST
@requires()
def file_add(request: StaffRequest, kind: str, holder: str) -> HttpResponse:
    """Hangs the files of one submission on something; each is taken or refused by itself.

    A script gets JSON; a browser without scripts comes back to the page, or sees what was
    refused beside the list.
    """
    number = _holder_or_404(request, kind, holder, adding=True)
    taken, refused = take_files(request, kind, number)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(
            {
                "taken": [
                    {"number": each.file.number, "name": each.file.name, "already": each.already}
                    for each in taken
                ],
                "refused": refused,
            },
            status=422 if refused else 200,
        )
    if not taken and not refused:
        refused = [_("Choose a file first.")]
    _say(request, taken)
    if refused:
        return _page(request, kind, number, errors=refused)
    return redirect(_way_back(request, kind, number))


def take_files(
    request: StaffRequest, kind: str, number: str
) -> tuple[list[actions.Attached], list[str]]:
    """Takes each file of the request's field `files`; what was taken, and why others were not."""
    uploads: list[UploadedFile] = request.FILES.getlist(FIELD)
    refused = [too_large(name).message for name in too_large_names(request)]
    taken = []
    for upload in uploads:
        try:
            taken.append(
                actions.attach(
                    actor=request.user,
                    kind=kind,
                    number=number,
                    name=upload.name or "",
                    content=upload.read(),
                )
            )
        except Refused as refusal:
            refused.append(refusal.message)
    return taken, refused


def _say(request: StaffRequest, taken: list[actions.Attached]) -> None:
    fresh = [each for each in taken if not each.already]
    if fresh:
        words = ngettext("%(count)d file added.", "%(count)d files added.", len(fresh))
        messages.success(request, words % {"count": len(fresh)})
    for each in taken:
        if each.already:
            messages.info(
                request, _("“%(name)s” has already been added.") % {"name": each.file.name}
            )


def _way_back(request: StaffRequest, kind: str, number: str) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return queries.record_url(kind, number) or "/"


# --- taking away ------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires()
def file_remove(request: StaffRequest, number: str) -> HttpResponse:
    """Takes a file away for good, with a reason."""
    file = _file_or_404(request, number)
    if file.holder_kind == DRAFT or not queries.may_remove(request.user, file):
        raise Http404
    back = queries.record_url(file.holder_kind, file.holder_number) or "/"
    form = RemoveForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.remove_file(
                    actor=request.user, file=file, reason=form.cleaned_data["reason"]
                )
            except Refused as refused:
                show_refusal(form, refused)
            except Conflict as conflict:
                messages.warning(request, conflict.message)
                return redirect(back)
            else:
                words = _("“%(name)s” is removed.") % {"name": file.name}
                messages.success(request, words)
                return redirect(back)
        status = 422
    context = {"file": file, "form": form, "cancel_url": back}
    return render(request, "attachments/remove.html", context, status=status)


@never_cache
@require_POST
@requires()
def file_drop(request: StaffRequest, number: str) -> HttpResponse:
    """Drops a file from a form that was not sent yet."""
    file = _file_or_404(request, number)
    if file.holder_kind != DRAFT:
        raise Http404
    actions.drop_draft(actor=request.user, file=file)
    return HttpResponse(status=204)


def draft_token(sent: str) -> str:
    """The name under which a form's files wait; a new one for a form that is first shown."""
    return sent if DRAFT_TOKEN.fullmatch(sent) else uuid4().hex


def drop_from_form(request: StaffRequest, number: str) -> None:
    """The same as `file_drop` for a browser without scripts, which sends the whole form."""
    file = queries.find_file(request.user, number)
    if file is not None and file.holder_kind == DRAFT:
        actions.drop_draft(actor=request.user, file=file)

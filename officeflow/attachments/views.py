"""Serving, listing, adding and removing files, with the permissions of their records."""

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
from officeflow.ui.live import conditional_response, refresh

DRAFT_TOKEN = re.compile(r"[0-9a-f]{32}")
# The content security policy of files: they run nothing, load nothing and have no origin.
FILE_CSP = "default-src 'none'; sandbox"


def _file_or_404(request: StaffRequest, number: str) -> Attachment:
    file = queries.find_file(request.user, number)
    if file is None:
        raise Http404
    return file


# --- the content ------------------------------------------------------------------------------


@require_safe
@requires()
def file_show(request: StaffRequest, number: str) -> HttpResponseBase:
    """Serves a file: a picture inline, or with `?download` as a download; a PDF as a download."""
    file = _file_or_404(request, number)
    as_download = "download" in request.GET or not file.is_picture
    return file_response(request, file, file.path, file.kind, as_download=as_download)


@require_safe
@requires()
def file_small(request: StaffRequest, number: str) -> HttpResponseBase:
    """Serves the thumbnail of a picture."""
    file = _file_or_404(request, number)
    if not file.thumbnail_path:
        raise Http404
    return file_response(request, file, file.thumbnail_path, "image/jpeg", as_download=False)


def file_response(
    request: Any, file: Attachment, path: str, content_type: str, *, as_download: bool
) -> HttpResponseBase:
    """Returns a stored file with restrictive security headers.

    The browser may cache it, but revalidates it each time; files of HR, and of forms that are not
    sent yet and may become HR's, are not cached. Raises `Http404` when the stored file is missing.
    """
    version = f'"{path.rpartition("/")[2]}"'

    def content() -> FileResponse:
        try:
            opened = private_files().open(path)
        except FileNotFoundError:  # for example after a restore without files
            raise Http404 from None
        return FileResponse(
            opened,
            as_attachment=as_download,
            filename=download_name(file.name),
            content_type=content_type,
        )

    response = conditional_response(request, version, content)
    response.headers["Content-Security-Policy"] = FILE_CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if file.realm == Realm.HR or file.holder_kind == DRAFT:
        response.headers["Cache-Control"] = "private, no-store"
        del response.headers["ETag"]
    return response


# --- the list ---------------------------------------------------------------------------------


@never_cache
@require_safe
@requires()
def files_of(request: StaffRequest, kind: str, holder: str) -> HttpResponse:
    """Lists a record's files: the live part for htmx, else a page."""
    number = _holder_or_404(request, kind, holder)
    if kind == DRAFT:
        context = panel.drafts_context(request.user, number)
        return render(request, "attachments/draft_list.html", context)
    if not request.headers.get("HX-Request"):
        return _page(request, kind, number)
    about = normalise(request.GET.get("about", ""))
    version = panel.version(request.user, kind, number, about)
    return refresh(
        request,
        "attachments/list.html",
        version,
        lambda: panel.list_context(request.user, kind, number, about),
    )


def _holder_or_404(request: StaffRequest, kind: str, holder: str, *, adding: bool = False) -> str:
    if kind == DRAFT and not DRAFT_TOKEN.fullmatch(holder):
        raise Http404
    number = holder if kind == DRAFT else normalise(holder)
    allowed = queries.may_add if adding else queries.may_see
    if not allowed(request.user, kind, number):
        raise Http404
    return number


def _page(
    request: StaffRequest, kind: str, number: str, *, errors: list[str] | None = None
) -> HttpResponse:
    context = {
        **panel.panel_context(request.user, kind, number),
        "errors": errors or [],
        "back_url": queries.record_url(kind, number),
    }
    status = 422 if errors else 200
    return render(request, "attachments/page.html", context, status=status)


@never_cache
@require_POST
@requires()
def file_add(request: StaffRequest, kind: str, holder: str) -> HttpResponse:
    """Attaches the uploaded files to a record; each is accepted or refused on its own.

    Answers with JSON when it is accepted. Otherwise redirects, or shows the page of files with
    the errors (422).
    """
    number = _holder_or_404(request, kind, holder, adding=True)
    attached, refused = attach_uploads(request, kind, number)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(
            {
                "taken": [
                    {
                        "number": each.file.number,
                        "name": each.file.name,
                        "already": each.is_duplicate,
                    }
                    for each in attached
                ],
                "refused": refused,
            },
            status=422 if refused else 200,
        )
    if not attached and not refused:
        refused = [_("Choose a file first.")]
    _add_messages(request, attached)
    if refused:
        return _page(request, kind, number, errors=refused)
    return redirect(_return_url(request, kind, number))


def attach_uploads(
    request: StaffRequest, kind: str, number: str
) -> tuple[list[actions.AttachResult], list[str]]:
    """Attaches the files of the request's field `files`.

    Returns the results, and the error messages of files that were refused.
    """
    uploads: list[UploadedFile] = request.FILES.getlist(FIELD)
    refused = [too_large(name).message for name in too_large_names(request)]
    attached = []
    for upload in uploads:
        try:
            attached.append(
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
    return attached, refused


def _add_messages(request: StaffRequest, attached: list[actions.AttachResult]) -> None:
    count = sum(not each.is_duplicate for each in attached)
    if count:
        text = ngettext("%(count)d file added.", "%(count)d files added.", count)
        messages.success(request, text % {"count": count})
    for each in attached:
        if each.is_duplicate:
            messages.info(
                request, _("“%(name)s” has already been added.") % {"name": each.file.name}
            )


def _return_url(request: StaffRequest, kind: str, number: str) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return queries.record_url(kind, number) or "/"


# --- removing -----------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires()
def file_remove(request: StaffRequest, number: str) -> HttpResponse:
    """Removes a file for good, with a reason."""
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
                messages.success(request, _("“%(name)s” is removed.") % {"name": file.name})
                return redirect(back)
        status = 422
    context = {"file": file, "form": form, "cancel_url": back}
    return render(request, "attachments/remove.html", context, status=status)


@never_cache
@require_POST
@requires()
def file_drop(request: StaffRequest, number: str) -> HttpResponse:
    """Deletes a draft of a form that is not sent yet."""
    file = _file_or_404(request, number)
    if file.holder_kind != DRAFT:
        raise Http404
    actions.delete_draft(actor=request.user, file=file)
    return HttpResponse(status=204)


def draft_token(sent: str) -> str:
    """Returns the token of a form's drafts: the one that the form sent, or a new one."""
    return sent if DRAFT_TOKEN.fullmatch(sent) else uuid4().hex


def delete_draft_of_form(request: StaffRequest, number: str) -> None:
    """Deletes a draft for a browser without JavaScript, which sends the whole form."""
    file = queries.find_file(request.user, number)
    if file is not None and file.holder_kind == DRAFT:
        actions.delete_draft(actor=request.user, file=file)

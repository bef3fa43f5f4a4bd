"""Saving a draft while its author types, the list of one's drafts, continuing and discarding."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officeflow.drafts.actions import DraftEnded, NewerDraft, end_draft
from officeflow.drafts.pages import FIELD, VERSION_FIELD, DraftName, read_version
from officeflow.drafts.queries import has_draft, own_draft, own_drafts
from officeflow.drafts.registry import draft_form
from officeflow.drafts.sent_forms import is_author, save_form
from officeflow.errors import Refused
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.form_author import author_of
from officeflow.staff.models import User
from officeflow.ui.times import short


@csrf_exempt  # the signed author of the form stands for its key, which each sign-in renews
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Saves a draft for the form's author; the answer is JSON.

    200 `version`; 204 for a new draft with nothing worth keeping; 409 `changed_at` when another
    window was faster; 410 `key`, a new one, when the draft was sent or discarded; 422 `message`.
    The form says whose words they are, also after the session has ended and when somebody else has
    signed in since: `message` then says who. Only the author can read them, and others start few
    drafts of theirs. 401 when the author is not known.
    """
    author = author_of(request)
    if author is None:
        return JsonResponse({}, status=HTTPStatus.UNAUTHORIZED)
    name = DraftName.read(request.POST.get(FIELD, ""))
    if name is None or (form := draft_form(name.form)) is None:
        return JsonResponse({}, status=HTTPStatus.BAD_REQUEST)
    if not form.is_worth_keeping(request.POST) and not has_draft(author, name.key):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return _saved(request, author, name)


def _saved(request: HttpRequest, author: User, name: DraftName) -> JsonResponse:
    try:
        version = read_version(request.POST.get(VERSION_FIELD, ""))
        draft = save_form(request, author, name, version=version, replace="replace" in request.GET)
    except DraftEnded:
        new = DraftName(name.form, name.context, uuid4())
        return JsonResponse({"name": new.text}, status=HTTPStatus.GONE)
    except NewerDraft as newer:
        there = {"key": str(newer.draft.key), "changed_at": short(newer.draft.changed_at)}
        return JsonResponse(there, status=HTTPStatus.CONFLICT)
    except Refused as refused:
        return JsonResponse(
            {"message": str(refused.message)}, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    answer = {"version": draft.version, "key": str(draft.key)}
    if request.user.is_authenticated and not is_author(request, author):
        answer["message"] = _(
            "%(person)s is signed in here now. What is typed in this form is kept for %(author)s."
        ) % {"person": request.user.get_full_name(), "author": author.get_full_name()}
    return JsonResponse(answer)


@never_cache
@require_safe
@requires()
def draft_list(request: StaffRequest) -> HttpResponse:
    """Lists the person's own drafts."""
    return render(request, "drafts/list.html", {"drafts": own_drafts(request.user)})


@never_cache
@require_safe
@requires()
def draft(request: StaffRequest, key: UUID) -> HttpResponse:
    """Opens the form with the draft in it, or shows a form that was kept, to send it again."""
    found = own_draft(request.user, key)
    if found is None:
        return _gone(request)
    if found.address != request.path:
        return redirect(found.address)
    return render(request, "drafts/send_again.html", {"draft": found})


@never_cache
@require_safe
@requires()
def text(request: StaffRequest, key: UUID) -> HttpResponse:
    """Shows the words of a draft whose page no longer takes them, to copy."""
    found = own_draft(request.user, key)
    if found is None:
        return _gone(request)
    return render(request, "drafts/text.html", {"draft": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires()
def discard(request: StaffRequest, key: UUID) -> HttpResponse:
    """Discards a draft after a confirmation."""
    found = own_draft(request.user, key)
    if found is None:
        return _gone(request)
    if request.method != "POST":
        context = {"chosen": found, "cancel_url": reverse("drafts:list")}
        return render(request, "drafts/discard.html", context)
    end_draft(actor=request.user, key=key)
    messages.success(request, _("The draft is discarded."))
    return redirect("drafts:list")


def _gone(request: StaffRequest) -> HttpResponse:
    messages.info(request, _("This draft is not yours, or it was sent or discarded already."))
    return redirect("drafts:list")

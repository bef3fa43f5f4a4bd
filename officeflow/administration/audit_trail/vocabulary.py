"""The texts of the audit trail: a sentence for each action, and how fields and values read."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officeflow.company.queries import get_office
from officeflow.money import format_money, format_percent, format_unit_price
from officeflow.ui.times import full

Text = str | Promise
t = gettext_lazy

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:")
STATE = re.compile(r"[a-z]+(_[a-z]+)+")

# Actions that a person can do without signing in: setting up an office, commands, resets. Any
# other entry without an actor was written by OfficeFlow when it applied a hand-off.
BEFORE_SIGNING_IN = {
    "add_tax_rate",
    "change_password",
    "grant_role",
    "add_person",
    "send_reset_link",
    "set_opening_hours",
    "set_up_office",
}
# The fields whose values are amounts of money, and those that are unit prices.
AMOUNTS = frozenset({"amount", "counted", "difference", "gross", "refund_due"})
PRICES = frozenset({"price"})
# One sentence for each action. `%(who)s` is a person or OfficeFlow, `%(record)s` a record number.
SENTENCES: dict[str, Text] = {
    # the front desk
    "place_order": t("%(who)s placed order %(record)s"),
    "record_past_order": t("%(who)s imported order %(record)s as done"),
    "cancel_order": t("%(who)s cancelled order %(record)s"),
    "hand_over_order": t("%(who)s handed over the goods of order %(record)s"),
    "undo_hand_over": t("%(who)s undid the hand-over of order %(record)s"),
    "reopen_order": t("%(who)s reopened order %(record)s"),
    "fulfilment_reopened": t("%(who)s took back that the goods of order %(record)s were ready"),
    "tell_not_ready": t("%(who)s told the customer that order %(record)s is not ready"),
    "ask_for_rush": t("%(who)s asked for a rush of order %(record)s"),
    "rush_answered": t("%(who)s answered the request for a rush of order %(record)s"),
    "complete_order": t("%(who)s completed order %(record)s"),
    "correct_payment_method": t("%(who)s corrected how order %(record)s was paid"),
    "take_payment": t("%(who)s took a payment for order %(record)s"),
    "pay_refund": t("%(who)s paid a refund for order %(record)s"),
    "count_till": t("%(who)s counted the drawer: %(record)s"),
    "refund_due": t("%(who)s recorded a refund due for order %(record)s"),
    "fulfilment_progressed": t("%(who)s updated the fulfilment of order %(record)s"),
    "billing_progressed": t("%(who)s updated the billing of order %(record)s"),
    "ticket_returned": t("%(who)s delivered a question about %(record)s to the front desk"),
    "ticket_held": t("%(who)s recorded that work on %(record)s is on hold"),
    "ticket_resumed": t("%(who)s recorded that work on %(record)s continues"),
    "answer_question": t("%(who)s answered a question about %(record)s"),
    "raise_complaint": t("%(who)s logged complaint %(record)s"),
    "take_complaint": t("%(who)s recorded that complaint %(record)s is in hand"),
    "resolve_complaint": t("%(who)s delivered the answer to complaint %(record)s"),
    "confirm_complaint": t("%(who)s confirmed complaint %(record)s"),
    "undo_confirmation": t("%(who)s undid the confirmation of complaint %(record)s"),
    "withdraw_answer": t("%(who)s withdrew the answer to complaint %(record)s"),
    "reopen_complaint": t("%(who)s reopened complaint %(record)s"),
    "change_route": t("%(who)s changed who answers complaints about %(record)s"),
    "add_customer": t("%(who)s added customer %(record)s"),
    "change_customer": t("%(who)s changed customer %(record)s"),
    "merge_customers": t("%(who)s merged another record into customer %(record)s"),
    "note_customer": t("%(who)s wrote a note about customer %(record)s"),
    "add_contact": t("%(who)s added a contact of customer %(record)s"),
    "remove_contact": t("%(who)s removed a contact of customer %(record)s"),
    "add_payment_method": t("%(who)s added payment method %(record)s"),
    "change_payment_method": t("%(who)s changed payment method %(record)s"),
    # the back office
    "open_ticket": t("%(who)s opened ticket %(record)s"),
    "take_ticket": t("%(who)s took ticket %(record)s"),
    "untake_ticket": t("%(who)s put ticket %(record)s back into the queue"),
    "take_over_ticket": t("%(who)s took over ticket %(record)s from a colleague"),
    "reassign_ticket": t("%(who)s reassigned ticket %(record)s"),
    "release_ticket": t("%(who)s moved ticket %(record)s from a colleague who lost their role"),
    "hold_ticket": t("%(who)s put ticket %(record)s on hold"),
    "resume_ticket": t("%(who)s resumed ticket %(record)s"),
    "end_hold": t("%(who)s ended the hold of ticket %(record)s"),
    "return_ticket": t("%(who)s returned ticket %(record)s to the front desk"),
    "answer_ticket": t("%(who)s delivered the front desk’s answer to ticket %(record)s"),
    "complete_ticket": t("%(who)s completed ticket %(record)s"),
    "reopen_ticket": t("%(who)s reopened ticket %(record)s"),
    "assign_ticket": t("%(who)s assigned ticket %(record)s"),
    "answer_rush": t("%(who)s answered a request for a rush: ticket %(record)s"),
    "cancel_ticket": t("%(who)s cancelled ticket %(record)s"),
    "comment_ticket": t("%(who)s commented on ticket %(record)s"),
    "set_priority": t("%(who)s changed the priority of ticket %(record)s"),
    "add_return_reason": t("%(who)s added the return reason %(record)s"),
    "change_return_reason": t("%(who)s changed the return reason %(record)s"),
    "change_goal": t("%(who)s changed the service goal of %(record)s"),
    "save_view": t("%(who)s saved the view %(record)s of a queue"),
    "change_view": t("%(who)s changed the view %(record)s of a queue"),
    "make_view_default": t("%(who)s made the view %(record)s the default of a queue"),
    "remove_view": t("%(who)s removed the view %(record)s of a queue"),
    "progress_shipment": t("%(who)s updated the goods of order %(record)s"),
    "issue_invoice": t("%(who)s issued invoice %(record)s"),
    "credit_invoice": t("%(who)s issued credit note %(record)s"),
    "book_method_correction": t("%(who)s booked payment %(record)s by its right method"),
    "book_payment": t("%(who)s booked payment %(record)s"),
    "book_refund": t("%(who)s booked refund %(record)s"),
    "book_till_count": t("%(who)s booked the difference of till count %(record)s"),
    "accrue_commission": t("%(who)s accrued the commission on order %(record)s"),
    "reverse_commission": t("%(who)s reversed the commission on order %(record)s"),
    "set_commission_rate": t("%(who)s set the commission rate of %(record)s"),
    "open_conduct_case": t("%(who)s opened the conduct case of complaint %(record)s"),
    # administration
    "add_person": t("%(who)s added person %(record)s"),
    "change_person": t("%(who)s changed %(record)s"),
    "grant_role": t("%(who)s gave a role to %(record)s"),
    "end_grant": t("%(who)s ended a role of %(record)s"),
    "deactivate_person": t("%(who)s deactivated the account of %(record)s"),
    "reactivate_person": t("%(who)s reactivated the account of %(record)s"),
    "create_reset_link": t("%(who)s made a link for a new password of %(record)s"),
    "end_sessions": t("%(who)s ended sessions of %(record)s"),
    "add_superuser": t("%(record)s was created as a superuser of the technical admin"),
    "issue_token": t("%(who)s signed in to the API and got a token for %(record)s"),
    "end_token": t("%(who)s ended an API token of %(record)s"),
    "change_password": t("%(who)s changed the password of %(record)s"),
    "add_second_factor": t("%(who)s set up the second factor of %(record)s"),
    "remove_second_factor": t("%(who)s removed the second factor of %(record)s"),
    "renew_recovery_codes": t("%(who)s made new recovery codes of %(record)s"),
    "use_recovery_code": t("%(who)s signed in with a recovery code of %(record)s"),
    "block_second_factor": t("%(who)s entered too many wrong codes of %(record)s"),
    "confirm_notices": t("%(who)s confirmed the notices about the sign-in of %(record)s"),
    "reset_second_factor": t("%(who)s removed the second factor of %(record)s"),
    "invite": t("%(who)s invited a colleague (%(record)s)"),
    "invite_again": t("%(who)s sent invitation %(record)s again"),
    "revoke_invitation": t("%(who)s withdrew invitation %(record)s"),
    "accept_invitation": t("%(who)s accepted invitation %(record)s"),
    "send_reset_link": t("%(who)s sent %(record)s a link for a new password"),
    "unlock": t("%(who)s unlocked the sign-in of %(record)s"),
    "choose_language": t("%(who)s chose the language of %(record)s"),
    "set_up_office": t("%(who)s set up the office (site %(record)s)"),
    "change_office": t("%(who)s changed the office’s settings (site %(record)s)"),
    "set_opening_hours": t("%(who)s changed the opening hours (site %(record)s)"),
    "add_closure": t("%(who)s added a closed day (site %(record)s)"),
    "remove_closure": t("%(who)s removed a closed day (site %(record)s)"),
    "hide_checklist": t("%(who)s hid the set-up list (%(record)s)"),
    "show_checklist": t("%(who)s showed the set-up list again (%(record)s)"),
    "add_site": t("%(who)s added site %(record)s"),
    "change_site": t("%(who)s changed site %(record)s"),
    "add_product": t("%(who)s added product %(record)s"),
    "change_product": t("%(who)s changed product %(record)s"),
    "add_category": t("%(who)s added product category %(record)s"),
    "change_category": t("%(who)s changed product category %(record)s"),
    "add_tax_rate": t("%(who)s added tax rate %(record)s"),
    "replace_tax_rate": t("%(who)s replaced tax rate %(record)s"),
    "retire_tax_rate": t("%(who)s retired tax rate %(record)s"),
    "make_standard": t("%(who)s made %(record)s the standard tax rate"),
    "set_prices_include_tax": t("%(who)s changed whether prices of list %(record)s include tax"),
    "replay_handoff": t("%(who)s replayed dead hand-off %(record)s"),
    "discard_handoff": t("%(who)s discarded dead hand-off %(record)s"),
    "upload_import_file": t("%(who)s uploaded import file %(record)s"),
    "check_import_file": t("%(who)s chose the columns of import file %(record)s"),
    "choose_import_columns": t("%(who)s went back to the columns of import file %(record)s"),
    "start_import_file": t("%(who)s started import %(record)s"),
    "stop_import_file": t("%(who)s stopped import %(record)s"),
    "discard_import_file": t("%(who)s discarded import file %(record)s"),
    "finish_import_file": t("%(who)s finished import %(record)s"),
    "attach_file": t("%(who)s attached a file to %(record)s"),
    "remove_file": t("%(who)s removed a file from %(record)s"),
    "send_message": t("%(who)s sent message %(record)s"),
    "fail_message": t("%(who)s could not send message %(record)s"),
    "withdraw_message": t("%(who)s withdrew a message: %(record)s"),
    "resend_message": t("%(who)s sent a message again: %(record)s"),
    "switch_message": t("%(who)s changed whether message %(record)s is sent"),
    "change_wording": t("%(who)s changed the wording of message %(record)s"),
    "reset_wording": t("%(who)s restored the standard wording of message %(record)s"),
    "export_list": t("%(who)s exported the list %(record)s"),
    "make_backup": t("A backup of the office was made: %(record)s"),
    "restore_backup": t("The office was restored from the backup %(record)s"),
}


def sentence_for(action: str) -> str:
    """Returns an action's sentence with the placeholders `who` and `record`.

    An action without a sentence gets one made of its name.
    """
    if action in SENTENCES:
        return str(SENTENCES[action])
    return _("%(who)s: %(action)s %(record)s").replace(
        "%(action)s", spaced(action).replace("%", "%%")
    )


def action_label(action: str) -> str:
    """Returns an action's label in a list of choices: its sentence without person and record."""
    text = sentence_for(action).replace("%(who)s", "").replace("%(record)s", "…")
    text = " ".join(text.split()).strip(" :")
    return text[:1].upper() + text[1:]


def spaced(name: str) -> str:
    """Returns an identifier with spaces: `wanted_by_date` becomes `wanted by date`."""
    return name.replace("_", " ")


def value_text(value: Any, field: str = "") -> str:
    """Returns an old or new value as it is shown: a dash for nothing, yes or no, local time.

    The values of `AMOUNTS` and `PRICES` are amounts in the office's currency, which cannot change
    once there is an order. A rate is a fraction, shown in percent.
    """
    if value is None or value == "":
        return "—"
    if field in AMOUNTS or field in PRICES:
        with suppress(InvalidOperation):
            written = format_money if field in AMOUNTS else format_unit_price
            return written(Decimal(str(value)), get_office().currency)
    if field == "rate":
        with suppress(InvalidOperation):
            return format_percent(Decimal(str(value)))
    if value is True:
        return _("yes")
    if value is False:
        return _("no")
    text = str(value)
    if MOMENT.match(text):
        with suppress(ValueError):
            return full(datetime.fromisoformat(text))
    return spaced(text) if STATE.fullmatch(text) else text

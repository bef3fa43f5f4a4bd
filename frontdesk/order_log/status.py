"""What the columns of a status say about an order: done, open, cancelled, refunded or paid.

The words are those of shop programs in several languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import gettext as _

from officeflow.imports.registry import FileRow
from officeflow.text import name_key

# What a row says about its order.
DONE, OPEN, PARTLY = "done", "open", "partly"
# What it says about the payment.
PAID, PARTLY_REFUNDED = "paid", "partly refunded"
CANCELLED, REFUNDED = "cancelled", "refunded"


def _keys(*texts: str) -> frozenset[str]:
    return frozenset(_key(word) for text in texts for word in text.split(", "))


@lru_cache(maxsize=1024)  # a file has few different ones
def _key(text: str) -> str:
    """Returns a status for comparison: `wc-on-hold` and `On hold` are equal."""
    return re.sub(r"[\W_]+", " ", name_key(text).removeprefix("wc-")).strip()


CANCELLED_WORDS = _keys(
    "cancelled, canceled, cancel, void, voided, failed, trash, expired, declined",
    "storniert, storno, abgebrochen, abgelehnt, fehlgeschlagen, gescheitert",
    "annulé, annulée, échoué, échouée, refusé, refusée, abandonné, abandonnée",
    "anulado, anulada, cancelado, cancelada, fallido, fallida, rechazado, rechazada",
    "annullato, annullata, geannuleerd, anulowane, anulowano, zrušeno, отменен, отменён",
    "отменено, キャンセル",
)
REFUNDED_WORDS = _keys(
    "refunded, fully refunded, returned, erstattet, rückerstattet, zurückerstattet",
    "gutgeschrieben, retourniert, remboursé, remboursée, retourné, retournée",
    "reembolsado, reembolsada, devuelto, devuelta, rimborsato, rimborsata, terugbetaald",
    "zwrócone, zwrócono, возврат, возвращен, 返金済み",
)
PARTLY_REFUNDED_WORDS = _keys(
    "partially refunded, partly refunded, partial refund, teilweise erstattet, teilerstattet",
    "partiellement remboursé, partiellement remboursée, parcialmente reembolsado",
    "parcialmente reembolsada",
)
DONE_WORDS = _keys(
    "completed, complete, fulfilled, shipped, delivered, closed, done, finished, dispatched, sent",
    "picked up, collected, handed over, invoiced and shipped, archived",
    "abgeschlossen, erledigt, versandt, versendet, verschickt, geliefert, ausgeliefert",
    "zugestellt, abgeholt, fertig, geschlossen, beendet",
    "terminé, terminée, expédié, expédiée, livré, livrée, envoyé, envoyée, clôturé, clôturée",
    "fermé, fermée, achevé, achevée, retiré, retirée",
    "completado, completada, completo, completa, enviado, enviada, entregado, entregada, cerrado",
    "cerrada, finalizado, finalizada, terminado, terminada, recogido, recogida",
    "completato, spedito, consegnato, evaso, chiuso, voltooid, afgerond, verzonden, geleverd",
    "afgehandeld, zrealizowane, wysłane, dostarczone, zakończone, vyřízeno, dokončeno, odesláno",
    "doručeno, выполнен, доставлен, отправлен, завершен, 完了, 発送済み, 配送済み",
)
PARTLY_WORDS = _keys(
    "partial, partially fulfilled, partly fulfilled, partially shipped, partly shipped",
    "partially delivered, partially complete, teilweise geliefert, teilweise versandt",
    "teilweise versendet, teilgeliefert, teillieferung",
    "partiellement expédié, partiellement expédiée, partiellement livré, partiellement livrée",
    "parcialmente enviado, parcialmente enviada, parcialmente entregado, parcialmente entregada",
)
OPEN_WORDS = _keys(
    "processing, open, new, on hold, onhold, unfulfilled, pending, pending payment, in process",
    "in progress, awaiting payment, awaiting shipment, awaiting fulfillment, awaiting pickup",
    "not fulfilled, not shipped, unshipped, to ship, ready to ship, scheduled, backordered",
    "confirmed, accepted, received, placed, draft, checkout draft",
    "offen, neu, in bearbeitung, in arbeit, wartend, ausstehend, zahlung ausstehend",
    "in wartestellung, angenommen, bestätigt, eingegangen, nicht versandt, wartet auf zahlung",
    "en cours, en cours de traitement, en attente, en attente de paiement, nouveau, nouvelle",
    "ouvert, ouverte, en préparation, à expédier, non expédié, non expédiée, confirmé, confirmée",
    "procesando, en proceso, pendiente, pendiente de pago, nuevo, nueva, abierto, abierta",
    "en espera, en preparación, no enviado, no enviada, confirmado, confirmada",
    "in lavorazione, in attesa, nuovo, aperto, in behandeling, nieuw, in de wacht, nowe",
    "w trakcie realizacji, oczekujące, nová, zpracovává se, čeká na platbu",
    "новый, в обработке, ожидает оплаты, 処理中, 未発送, 保留中",
)
PAID_WORDS = _keys(
    "paid, fully paid, paid in full, captured, yes, ja, oui, si, bezahlt, voll bezahlt, beglichen",
    "payé, payée, réglé, réglée, pagado, pagada, cobrado, cobrada, pagato, pagata, betaald",
    "opłacone, zapłacono, zaplaceno, оплачен, оплачено, 支払い済み, 支払済み",
)
VOIDED_WORDS = _keys(
    "void, voided, cancelled, canceled, storniert, annulé, annulée, anulado, anulada, annullato"
)
KINDS = {
    **dict.fromkeys(DONE_WORDS, DONE),
    **dict.fromkeys(OPEN_WORDS, OPEN),
    **dict.fromkeys(PARTLY_WORDS, PARTLY),
    **dict.fromkeys(CANCELLED_WORDS, CANCELLED),
    **dict.fromkeys(REFUNDED_WORDS, REFUNDED),
}
PAYMENTS = {
    **dict.fromkeys(PAID_WORDS, PAID),
    **dict.fromkeys(PARTLY_REFUNDED_WORDS, PARTLY_REFUNDED),
    **dict.fromkeys(VOIDED_WORDS, CANCELLED),
    **dict.fromkeys(REFUNDED_WORDS, REFUNDED),
}


def kind_of(status: str) -> str:
    """Returns what the status of an order means; empty for one that is not known."""
    return KINDS.get(_key(status), "")


def mark_of(row: FileRow) -> str:
    """Returns `DONE`, `OPEN`, `PARTLY`, or nothing, as the row marks its order."""
    found = kind_of(row["Status"])
    return found if found in (DONE, OPEN, PARTLY) else ""


def mark_of_order(marks: Iterable[str]) -> str:
    """Returns what the marks of an order's rows say together; rows without one say nothing."""
    different = {each for each in marks if each}
    if different <= {DONE} or different <= {OPEN}:
        return next(iter(different), "")
    return PARTLY


def payment_of(row: FileRow) -> str:
    """Returns `PAID`, `PARTLY_REFUNDED`, or nothing."""
    for column in ("Payment status", "Status"):
        found = PAYMENTS.get(_key(row[column]), "")
        if found in (PAID, PARTLY_REFUNDED):
            return found
    return ""


def why_not_imported(row: FileRow) -> str:
    """Returns why the order of a row is not to be imported by its status; else nothing.

    A refunded order is refused as a cancelled one is: placed, it would be work and an invoice, and
    recorded as done, a sale that was taken back.
    """
    found = {kind_of(row["Status"]), PAYMENTS.get(_key(row["Payment status"]), "")}
    if CANCELLED in found or row["Cancelled at"].strip():
        return _("The order was cancelled in the other program.")
    if REFUNDED in found:
        return _("The order was refunded in the other program.")
    return ""

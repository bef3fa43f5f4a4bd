"""Which currencies there are, and what hangs on the office's own.

The office knows nobody above it, so those who would be harmed by a new currency, or have to
follow it, say so here from their `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable

# The codes of ISO 4217 that are money in circulation.
ISO_4217 = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD
KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN
NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND
VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CODES = frozenset(ISO_4217.split())

Guard = Callable[[], str]
Follower = Callable[[str, str], None]

_guards: list[Guard] = []
_followers: list[Follower] = []


def guard(check: Guard) -> Guard:
    """Registers a check that answers why the currency must stay, or an empty text."""
    if check not in _guards:
        _guards.append(check)
    return check


def follow(follower: Follower) -> Follower:
    """Registers what is done, in the same transaction, when the currency goes from old to new."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def reason_to_stay() -> str:
    """Why the office's currency cannot change any more; empty while it can."""
    return next((reason for check in _guards if (reason := check())), "")


def tell_followers(old: str, new: str) -> None:
    """Lets everything that is priced in the office's currency follow it."""
    for follower in _followers:
        follower(old, new)

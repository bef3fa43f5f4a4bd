"""Every write of the house itself: opening an office that nobody has set up."""

from officeflow.administration.actions.opening import (
    KEY_LASTS,
    KeyDoesNotFit,
    NewOffice,
    NewRate,
    Owner,
    lay_out_key,
    open_house,
    open_with_key,
)

__all__ = [
    "KEY_LASTS",
    "KeyDoesNotFit",
    "NewOffice",
    "NewRate",
    "Owner",
    "lay_out_key",
    "open_house",
    "open_with_key",
]

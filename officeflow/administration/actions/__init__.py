"""Setting up an office that is still empty."""

from officeflow.administration.actions.set_up import (
    SET_UP_TOKEN_LIFETIME,
    InvalidSetUpToken,
    NewOffice,
    NewRate,
    Owner,
    issue_set_up_token,
    set_up_with_owner,
    set_up_with_token,
)

__all__ = [
    "SET_UP_TOKEN_LIFETIME",
    "InvalidSetUpToken",
    "NewOffice",
    "NewRate",
    "Owner",
    "issue_set_up_token",
    "set_up_with_owner",
    "set_up_with_token",
]

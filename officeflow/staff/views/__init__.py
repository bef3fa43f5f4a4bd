"""Pages about people: their sign-in, and who they are."""

from officeflow.staff.views.session import (
    SignIn,
    landing,
    password_change,
    password_changed,
    sign_out,
)

__all__ = ["SignIn", "landing", "password_change", "password_changed", "sign_out"]

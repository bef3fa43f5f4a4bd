"""The second factor as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SecondFactorConfig(AppConfig):
    """Codes after the password."""

    name = "officeflow.second_factor"
    label = "second_factor"
    verbose_name = _("Second factor")

    def ready(self) -> None:
        """Marks new sessions, and checks programs that sign in."""
        from officeflow.second_factor import actions, sessions
        from officeflow.staff import api_tokens

        sessions.connect()
        api_tokens.sign_in_checks.append(actions.check_token_sign_in)
        api_tokens.token_checks.append(actions.check_token)

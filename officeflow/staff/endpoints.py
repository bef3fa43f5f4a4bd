"""The base of every endpoint of the API that acts for the person who calls it."""

from __future__ import annotations

from rest_framework.views import APIView

from officeflow.staff.models import User


class StaffView(APIView):
    """An endpoint whose permission classes let in people who work here, and nobody else."""

    @property
    def person(self) -> User:
        """Who calls."""
        user = self.request.user
        assert isinstance(user, User)  # a permission class asked for somebody
        return user

"""The department in an address."""

from __future__ import annotations

from officeflow.permissions import Department


class DepartmentConverter:
    """A department by its value, such as `queue/fulfilment/`; another text is not an address."""

    regex = "|".join(Department.values)

    def to_python(self, value: str) -> Department:
        """The department of the address."""
        return Department(value)

    def to_url(self, value: str) -> str:
        """The text in the address; also for a department that is stored as text."""
        return Department(value).value

"""The department in an address."""

from __future__ import annotations

from officeflow.permissions import Department


class DepartmentConverter:
    """Converts a department in an address, as in `queue/fulfilment/`; other texts do not match."""

    regex = "|".join(Department.values)

    def to_python(self, value: str) -> Department:
        """Returns the department of the address."""
        return Department(value)

    def to_url(self, value: str) -> str:
        """Returns the text in the address for a department or its value."""
        return Department(value).value

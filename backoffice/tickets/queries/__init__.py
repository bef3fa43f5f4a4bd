"""Everything that the pages and the API read of the work queue."""

from backoffice.tickets.queries.tickets import *  # noqa: F403
from backoffice.tickets.queries.reasons import *  # noqa: F403

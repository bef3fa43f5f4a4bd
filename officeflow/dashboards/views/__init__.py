"""Pages of the dashboards."""

from officeflow.dashboards.views.dead_letters import dead, dead_replay
from officeflow.dashboards.views.handoffs import figures_live, handoffs, handoffs_live, start
from officeflow.dashboards.views.lists import (
    credit_notes,
    handoff_list,
    orders,
    owed,
    payments,
    refunds,
    tickets,
)
from officeflow.dashboards.views.operate import (
    consistency,
    handoff,
    handoff_discard,
    handoff_replay,
)
from officeflow.dashboards.views.trade import trade

__all__ = [
    "consistency",
    "credit_notes",
    "dead",
    "dead_replay",
    "figures_live",
    "handoff",
    "handoff_discard",
    "handoff_list",
    "handoff_replay",
    "handoffs",
    "handoffs_live",
    "orders",
    "owed",
    "payments",
    "refunds",
    "start",
    "tickets",
    "trade",
]

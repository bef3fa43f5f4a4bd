"""The addresses of administration, dashboards and imports."""

from __future__ import annotations

from officeflow.permissions import Role
from tests.staff.addresses.row import (
    DASHBOARDS,
    LEAD,
    READERS,
    READERS_OF,
    H,
    Row,
    X,
    handoff,
    no_import_file,
    of_kind,
    post,
    rita,
)

ADDRESSES: list[Row] = [
    # people
    Row("staff:home", None),
    Row("staff:password-change", None),
    Row("staff:password-changed", None),
    Row("staff:own", None),
    post("staff:token-end", None, lambda _world: {"key": "none"}, in_status=404),
    Row("staff:invite", frozenset({X})),
    post("staff:invite-again", frozenset({X}), lambda _world: {"code": "NONE"}, in_status=404),
    post("staff:invitation-revoke", frozenset({X}), lambda _world: {"code": "NONE"}, in_status=404),
    Row("staff:people", frozenset({X})),
    Row("staff:person-new", frozenset({X})),
    Row("staff:person", frozenset({X}), rita),
    post("staff:person-grant", frozenset({X}), rita),
    post("staff:person-grant-end", frozenset({X}), rita, in_status=404),
    Row("staff:person-deactivate", frozenset({X}), rita),
    Row("staff:person-reactivate", frozenset({X}), rita),
    Row("staff:person-password", frozenset({X}), rita),
    # administration
    Row("administration:index", frozenset({X})),
    post("administration:checklist-hide", frozenset({X})),
    post("administration:checklist-show", frozenset({X})),
    Row("company:settings", frozenset({X})),
    Row("company:hours", frozenset({X})),
    post("company:closure-add", frozenset({X})),
    post("company:closure-remove", frozenset({X})),
    Row("company:sites", frozenset({X})),
    Row("company:site", frozenset({X}), lambda _world: {"code": "MAIN"}),
    Row("catalogue:products", frozenset(Role) - {H}),
    Row("catalogue:product", frozenset(Role) - {H}, lambda world: {"sku": world.product}),
    Row("catalogue:product-new", frozenset({X}), in_status=200),
    Row("catalogue:tax", frozenset({X})),
    post("catalogue:tax-retire", frozenset({X}), in_status=404),
    post("catalogue:tax-standard", frozenset({X}), in_status=404),
    post("catalogue:price-meaning", frozenset({X})),
    Row("catalogue:tax-replace", frozenset({X}), lambda _world: {"code": "VAT0.2000"}),
    Row("catalogue:categories", frozenset({X})),
    Row("catalogue:category", frozenset({X}), lambda _world: {"name": "-"}, in_status=404),
    Row("styleguide", None),
    Row("styleguide-lookup", None),
    Row("styleguide-people", None),
    Row("styleguide-clock", None),
    # dashboards
    Row("dashboards:handoffs", DASHBOARDS),
    Row("dashboards:handoffs-live", DASHBOARDS),
    Row("dashboards:figures-live", DASHBOARDS),
    Row("dashboards:handoff-list", DASHBOARDS),
    Row("dashboards:tickets", DASHBOARDS),
    Row("dashboards:trade", LEAD),
    Row("dashboards:orders", LEAD),
    Row("dashboards:payments", LEAD),
    Row("dashboards:refunds", LEAD),
    Row("dashboards:credit-notes", LEAD),
    Row("audit:trail", DASHBOARDS | {H}),
    Row("dashboards:consistency", DASHBOARDS),
    Row("dashboards:dead", DASHBOARDS),
    Row("dashboards:dead-replay", DASHBOARDS),
    Row("dashboards:handoff", DASHBOARDS, handoff),
    Row("dashboards:handoff-replay", DASHBOARDS, handoff),
    Row("dashboards:handoff-discard", DASHBOARDS, handoff),
    # files read in
    Row("imports:files", READERS),
    *[
        Row(name, READERS_OF[kind], of_kind(kind), hidden_from=READERS - READERS_OF[kind])
        for name in ("imports:new", "imports:template")
        for kind in READERS_OF
    ],
    Row("imports:file", READERS, no_import_file, in_status=404),
    Row("imports:progress", READERS, no_import_file, in_status=404),
    Row("imports:report", READERS, no_import_file, in_status=404),
    post("imports:start", READERS, no_import_file, in_status=404),
    post("imports:stop", READERS, no_import_file, in_status=404),
    post("imports:discard", READERS, no_import_file, in_status=404),
]

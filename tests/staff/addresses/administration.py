"""The URLs of administration, dashboards and imports."""

from __future__ import annotations

from officeflow.permissions import Role
from tests.staff.addresses.row import (
    DASHBOARDS,
    LEAD,
    READERS,
    READERS_OF,
    Access,
    H,
    UrlRule,
    X,
    handoff,
    no_draft,
    no_import_file,
    of_kind,
    post,
    rita,
)

ADDRESSES: list[UrlRule] = [
    # people
    UrlRule("staff:home", None),
    UrlRule("staff:password-change", None),
    UrlRule("staff:password-changed", None),
    UrlRule("staff:own", None),
    UrlRule("staff:sessions", None),
    post("staff:sessions-end", None),
    post("staff:notices-confirm", None),
    # notifications
    UrlRule("notifications:list", None),
    UrlRule("notifications:menu", None),
    post("notifications:read", None),
    # drafts
    UrlRule("drafts:list", None),
    # The signed author of the form is whose draft it is, with and without a session.
    post("drafts:save", None, allowed_status=401, without_sign_in=Access.ALLOWED),
    UrlRule("drafts:draft", None, no_draft),
    UrlRule("drafts:text", None, no_draft),
    UrlRule("drafts:discard", None, no_draft),
    post("staff:token-end", None, lambda _records: {"key": "none"}, allowed_status=404),
    UrlRule("staff:invite", frozenset({X})),
    post(
        "staff:invite-again", frozenset({X}), lambda _records: {"code": "NONE"}, allowed_status=404
    ),
    post(
        "staff:invitation-revoke",
        frozenset({X}),
        lambda _records: {"code": "NONE"},
        allowed_status=404,
    ),
    UrlRule("second_factor:code", None),
    UrlRule("second_factor:set-up", None),
    UrlRule("second_factor:renew", None),
    UrlRule("second_factor:remove", None),
    UrlRule("second_factor:reset", frozenset({X}), rita),
    UrlRule("staff:people", frozenset({X})),
    UrlRule("staff:person-new", frozenset({X})),
    UrlRule("staff:person", frozenset({X}), rita),
    post("staff:person-grant", frozenset({X}), rita),
    post("staff:person-grant-end", frozenset({X}), rita, allowed_status=404),
    UrlRule("staff:person-deactivate", frozenset({X}), rita),
    UrlRule("staff:person-reset-link", frozenset({X}), rita),
    UrlRule("staff:person-reactivate", frozenset({X}), rita),
    UrlRule("staff:person-password", frozenset({X}), rita),
    # administration
    UrlRule("administration:index", frozenset({X})),
    post("administration:checklist-hide", frozenset({X})),
    post("administration:checklist-show", frozenset({X})),
    UrlRule("company:settings", frozenset({X})),
    UrlRule("company:hours", frozenset({X})),
    post("company:closure-add", frozenset({X})),
    post("company:closure-remove", frozenset({X})),
    UrlRule("company:sites", frozenset({X})),
    UrlRule("company:site", frozenset({X}), lambda _records: {"code": "MAIN"}),
    UrlRule("catalogue:products", frozenset(Role) - {H}),
    UrlRule("catalogue:product", frozenset(Role) - {H}, lambda records: {"sku": records.product}),
    UrlRule("catalogue:product-new", frozenset({X}), allowed_status=200),
    UrlRule("catalogue:tax", frozenset({X})),
    post("catalogue:tax-retire", frozenset({X}), allowed_status=404),
    post("catalogue:tax-standard", frozenset({X}), allowed_status=404),
    post("catalogue:price-meaning", frozenset({X})),
    UrlRule("catalogue:tax-replace", frozenset({X}), lambda _records: {"code": "VAT0.2000"}),
    UrlRule("catalogue:categories", frozenset({X})),
    UrlRule(
        "catalogue:category", frozenset({X}), lambda _records: {"name": "-"}, allowed_status=404
    ),
    UrlRule("styleguide", None),
    UrlRule("styleguide-lookup", None),
    UrlRule("styleguide-people", None),
    UrlRule("styleguide-clock", None),
    # dashboards
    UrlRule("dashboards:start", DASHBOARDS),
    UrlRule("dashboards:handoffs", DASHBOARDS),
    UrlRule("dashboards:handoffs-live", DASHBOARDS),
    UrlRule("dashboards:figures-live", DASHBOARDS),
    UrlRule("dashboards:handoff-list", DASHBOARDS),
    UrlRule("dashboards:tickets", DASHBOARDS),
    UrlRule("dashboards:trade", LEAD),
    UrlRule("dashboards:orders", LEAD),
    UrlRule("dashboards:payments", LEAD),
    UrlRule("dashboards:refunds", LEAD),
    UrlRule("dashboards:credit-notes", LEAD),
    UrlRule("dashboards:owed", LEAD),
    UrlRule("audit:trail", DASHBOARDS | {H}),
    UrlRule("dashboards:consistency", DASHBOARDS),
    UrlRule("dashboards:dead", DASHBOARDS),
    UrlRule("dashboards:dead-replay", DASHBOARDS),
    UrlRule("dashboards:handoff", DASHBOARDS, handoff),
    UrlRule("dashboards:handoff-replay", DASHBOARDS, handoff),
    UrlRule("dashboards:handoff-discard", DASHBOARDS, handoff),
    # files read in
    UrlRule("imports:files", READERS),
    *[
        UrlRule(name, READERS_OF[kind], of_kind(kind), hidden_from=READERS - READERS_OF[kind])
        for name in ("imports:new", "imports:template")
        for kind in READERS_OF
    ],
    UrlRule("imports:file", READERS, no_import_file, allowed_status=404),
    UrlRule("imports:progress", READERS, no_import_file, allowed_status=404),
    UrlRule("imports:report", READERS, no_import_file, allowed_status=404),
    post("imports:layout", READERS, no_import_file, allowed_status=404),
    post("imports:check", READERS, no_import_file, allowed_status=404),
    post("imports:choose", READERS, no_import_file, allowed_status=404),
    post("imports:columns", READERS, no_import_file, allowed_status=404),
    post("imports:start", READERS, no_import_file, allowed_status=404),
    post("imports:stop", READERS, no_import_file, allowed_status=404),
    post("imports:discard", READERS, no_import_file, allowed_status=404),
]

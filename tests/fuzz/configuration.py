"""The configuration of Schemathesis for one role."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REQUEST_SECONDS = 20  # an answer that takes longer counts as a failure
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)

# Where values of existing records are used: path prefix, parameter, dictionary.
PATHS = (
    ("orders/{number}", "path.number", "orders"),
    ("customers/{number}", "path.number", "customers"),
    ("complaints/{number}", "path.number", "complaints"),
    ("payments/{number}", "path.number", "payments"),
    ("refunds/{number}", "path.number", "refunds"),
    ("tickets/{number}", "path.number", "tickets"),
    ("invoices/{number}", "path.number", "invoices"),
    ("attachments/{number}", "path.number", "attachments"),
    ("attachments/of/", "path.holder", "holders"),
    ("attachments/of/", "path.kind", "holder_kinds"),
    ("products/{sku}", "path.sku", "products"),
    ("handoffs/{id}", "path.id", "handoffs"),
    ("tickets/{number}/return/", "body.reason", "reasons"),
)
PARAMETERS = {
    "body.customer": ("customers", 0.7),
    "body.lines[*].sku": ("products", 0.97),
    "body.lines[*].quantity": ("quantities", 0.95),
    "body.lines[*].discount_percent": ("percents", 0.95),
    "body.order": ("orders", 0.9),
    "body.product": ("products", 0.9),
    "body.method": ("methods", 0.8),
    "body.from_method": ("methods", 0.8),
    "body.amount": ("amounts", 0.8),
    "body.cash_given": ("amounts", 0.4),
    "body.holder": ("people", 0.8),
    "body.to": ("people", 0.8),
    "body.until_date": ("days", 0.7),
    "body.wanted_by_date": ("days", 0.5),
    "body.outcome": ("outcomes", 0.5),
    "query.order": ("orders", 0.3),
    "query.customer": ("customers", 0.3),
    "query.q": ("words", 0.5),
}


def write(
    path: Path,
    *,
    values: dict[str, list[Any]],
    seed: int,
    examples: int,
) -> None:
    """Writes Schemathesis' settings; `values` are the values of each dictionary."""
    lines = [
        f"seed = {seed}",
        "continue-on-failure = true",
        f"request-timeout = {REQUEST_SECONDS}",
        "warnings = false",
        f"hooks = {_text(str(HERE / 'hooks.py'))}",
        # Large lists need not be written to the report in full.
        "output.truncation.max-recorded-payload-size = 4000",
        'output.sanitization.keys-to-sanitize = ["authorization"]',
        "output.sanitization.sensitive-markers = []",
        "cache.enabled = false",
        f"generation.max-examples = {examples}",
        "generation.no-shrink = true",
        'generation.database = "none"',
    ]
    known = {name: rows for name, rows in values.items() if rows}
    for name, rows in known.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(rows)}"]
    lines.append("[parameters]")
    lines += [
        f"{_text(name)} = {{ dictionary = {_text(words)}, probability = {probability} }}"
        for name, (words, probability) in PARAMETERS.items()
        if words in known
    ]
    lines.append("[checks]")
    lines.append("enabled = false")
    lines += [f"{check}.enabled = true" for check in CHECKS]
    for prefix, parameter, words in PATHS:
        if words in known:
            lines += [
                "[[operations]]",
                f"include-path-regex = {_text('^/api/v1/' + _escaped(prefix))}",
                f"parameters = {{ {_text(parameter)} = "
                f"{{ dictionary = {_text(words)}, probability = 0.9 }} }}",
            ]
    path.write_text("\n".join(lines) + "\n")


def _text(value: str) -> str:
    return json.dumps(value)


def _escaped(path: str) -> str:
    return path.replace("{", r"\{").replace("}", r"\}")

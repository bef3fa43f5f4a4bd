"""Creates the data of the drill's office: products, people and their API tokens."""

from __future__ import annotations

import json

import django


def main() -> None:
    """Prints the token of each person as one line of JSON."""
    django.setup()
    from knox.models import AuthToken
    from knox.settings import knox_settings

    from officeflow.catalogue.models import Kind
    from tests.factories import make_office, make_product
    from tests.people import employ

    make_office()
    make_product("MUG", "Blue mug", "12.00")
    make_product("POST", "Postage", "4.20", kind=Kind.SERVICE)
    tokens = {}
    for name in ("rita", "ravi", "femi", "fay", "maya", "ada"):
        _, tokens[name] = AuthToken.objects.create(
            user=employ(name), expiry=knox_settings.TOKEN_TTL
        )
    print(json.dumps(tokens))


if __name__ == "__main__":
    main()

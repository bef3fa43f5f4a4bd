"""The units of quantities as files name them."""

from __future__ import annotations

from functools import cache

from officeflow.catalogue.models import Unit
from officeflow.text import name_key

WORDS = {
    **{each.value: each.value for each in Unit},
    **dict.fromkeys(("pieces", "pcs", "pc", "pce", "each", "ea", "unit", "units"), "piece"),
    **dict.fromkeys(("stück", "stk", "stk.", "st", "st.", "pièce", "pièces", "pce(s)"), "piece"),
    **dict.fromkeys(("unité", "unités", "unidad", "unidades", "ud", "ud.", "uds."), "piece"),
    **dict.fromkeys(("kilogram", "kilograms", "kilo", "kilos", "kilogramm"), "kg"),
    **dict.fromkeys(("kilogramme", "kilogrammes", "kilogramo", "kilogramos"), "kg"),
    **dict.fromkeys(("metre", "metres", "meter", "meters", "mètre", "mètres", "metro"), "m"),
    **dict.fromkeys(("metros", "lfm", "ml."), "m"),
    **dict.fromkeys(("litre", "litres", "liter", "liters", "litro", "litros", "ltr"), "l"),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "stunde", "stunden", "std", "std."), "h"),
    **dict.fromkeys(("heure", "heures", "hora", "horas"), "h"),
}
UNITS = {name_key(word): unit for word, unit in WORDS.items()}


@cache
def known_units(language: str) -> dict[str, str]:
    """Returns the units by the keys of their names, also of those in the active `language`."""
    return {**{name_key(str(each.label)): each.value for each in Unit}, **UNITS}

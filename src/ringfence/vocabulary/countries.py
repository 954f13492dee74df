"""Countries, by their code or a name in English; what is no country is nothing, and never another country."""

from functools import cache

from .codelists import read_codelist


def country(text: str) -> str | None:
    """Return the ISO 3166 code of the country that `text` names: its code, name or a synonym. None: it names none."""
    return _by_any_name().get(_folded(text))


@cache
def _by_any_name() -> dict[str, str]:
    return {
        _folded(name): row["code"]
        for row in read_codelist("countries")
        for name in (row["code"], row["name"], *row["synonyms"].split("|"))
        if name
    }


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("&", "and").split()).removeprefix("the ")

"""HTML pages from templates, everything escaped, in one file with no network."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from .tokens import CSS


class Chart(Markup):
    """A drawing as SVG with what belongs to it; it shows itself in a page and in a notebook."""

    def _repr_html_(self) -> str:
        return str(self)


def render(package: str, template: str, **values: Any) -> str:  # noqa: ANN401
    """Return the template of a room's package as a page; values are escaped unless they are `Markup`."""
    return _environment(package).get_template(template).render(css=Markup(CSS), **values)  # noqa: S704 our own CSS


@cache
def _environment(package: str) -> Environment:
    return Environment(
        loader=PackageLoader(package),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

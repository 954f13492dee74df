"""Where the files that professionals edit are found: policies, codelists, mappings, statements, examples."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(*parts: str) -> Path:
    """Return the path of a shipped file or folder, e.g. ``shipped("policies", "nl.yaml")``.

    In a checkout they stand at the top of the repository; in a wheel they travel inside the package.
    """
    packed = _PACKAGE / "shipped"
    top = packed if packed.is_dir() else _PACKAGE.parents[1]
    return top.joinpath(*parts)

"""The stories as a page: what their tests are called, which are sentences."""

import ast
from collections.abc import Iterator
from pathlib import Path

SPEC = Path(__file__).resolve().parent.parent / "spec"

_ABOUT = """# Stories

Made-up people, each with one right answer. Every sentence below is a test that passes; the page is written from the tests.
"""


def stories_page() -> str:
    """Return every story in Markdown, in the order of their numbers."""
    files = sorted(SPEC.glob("test_story_*.py"), key=lambda path: int(path.stem.rpartition("_")[2]))
    return "\n".join([_ABOUT, *(line for path in files for line in _story(path))])


def _story(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    title, _, about = (ast.get_docstring(tree) or path.stem).partition("\n")
    yield from (f"## Story {path.stem.rpartition('_')[2]}. {title.rstrip('.')}", "", about.strip(), "")
    alone = [node for node in tree.body if _is_test(node)]
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            said = (ast.get_docstring(node) or _words(node.name.removeprefix("Test"))).partition("\n")[0]
            yield from (f"**{said.rstrip('.')}**", "")
            yield from (f"- {_sentence(test)}" for test in node.body if _is_test(test))
            yield ""
    if alone:
        yield from (f"- {_sentence(test)}" for test in alone)
        yield ""


def _is_test(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test_")


def _sentence(node: ast.stmt) -> str:
    assert isinstance(node, ast.FunctionDef)
    words = node.name.removeprefix("test_").replace("_", " ")
    return f"{words[0].upper()}{words[1:]}."


def _words(name: str) -> str:
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return f"{spaced[:1].upper()}{spaced[1:]}"

"""What the documentation shows is what happens: its commands, its generated pages, its examples in the code."""

import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from checkout import REPOSITORY
from examples_on_pages import UnclearBlockError, complaint, matches, steps

DOCS = REPOSITORY / "docs"
PAGES = [REPOSITORY / "README.md", *sorted(DOCS.rglob("*.md"))]
FRONT_DOORS = sorted((REPOSITORY / "src").glob("ringfence/**/__init__.py"))


def module_of(front_door):
    return ".".join(front_door.relative_to(REPOSITORY / "src").parent.parts)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_example_on_the_page_runs_and_prints_what_it_says(page, tmp_path):
    # Pages are read from the root of a checkout.
    (tmp_path / "examples").symlink_to(REPOSITORY / "examples")
    for step in steps(page.read_text(encoding="utf-8")):
        wrong = complaint(step, tmp_path)
        if wrong:
            pytest.fail(f"{page.relative_to(REPOSITORY)}, {wrong}", pytrace=False)


def test_the_generated_pages_are_fresh():
    done = subprocess.run(
        [sys.executable, str(DOCS / "generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", [module_of(front_door) for front_door in FRONT_DOORS])
def test_the_examples_in_the_front_door_run(module):
    tried = doctest.testmod(importlib.import_module(module))
    assert tried.failed == 0


def pages_named(nav):
    for entry in nav:
        for inner in entry.values() if isinstance(entry, dict) else [entry]:
            yield from [inner] if isinstance(inner, str) else pages_named(inner)


class LoaderWithoutTags(yaml.SafeLoader):
    """Reads tags such as `!!python/name:` as nothing."""


LoaderWithoutTags.add_multi_constructor("", lambda loader, suffix, node: None)


def test_every_page_that_the_site_names_is_there():
    site = yaml.load((REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8"), LoaderWithoutTags)
    named = list(pages_named(site["nav"]))
    assert named
    assert [name for name in named if not (DOCS / name).is_file()] == []


@pytest.mark.parametrize(
    ("expected", "printed", "right"),
    [
        (("a", "b"), ("a", "b"), True),
        (("a",), ("a", "b"), False),
        (("a", "b"), ("a",), False),
        (("a", "..."), ("a", "b", "c"), True),
        (("a", "..."), ("a",), True),
        (("...", "c"), ("a", "b", "c"), True),
        (("...", "b"), ("a", "b", "c"), False),
        (("As of ... 12:00.",), ("As of 2026-03-31 12:00.",), True),
        (("As of ... 12:00.",), ("As of 2026-03-31 13:00.",), False),
        (("1 row (a*b)",), ("1 row (a*b)",), True),
        ((), ("a",), False),
    ],
)
def test_three_dots_stand_for_anything_and_nothing_else_does(expected, printed, right):
    assert matches(expected, printed) is right


def tried(text, folder: Path):
    return [wrong for step in steps(text) if (wrong := complaint(step, folder))]


def test_an_example_that_prints_something_else_fails_with_its_command_and_the_difference(tmp_path):
    (wrong,) = tried("```console\n$ echo one\ntwo\n```\n", tmp_path)
    assert "line 2: echo one" in wrong
    assert "It ended with 0" in wrong
    assert "-two" in wrong
    assert "+one" in wrong


def test_an_example_that_ends_badly_fails_with_its_status(tmp_path):
    (wrong,) = tried("```console\n$ echo no; exit 3\nno\n```\n", tmp_path)
    assert "It ended with 3; right is 0." in wrong


def test_a_status_that_the_page_announces_is_right(tmp_path):
    assert tried("<!-- exits with 3 -->\n```console\n$ echo no; exit 3\nno\n```\n", tmp_path) == []


def test_commands_of_a_page_share_one_folder_and_indented_blocks_count(tmp_path):
    page = (
        "<!-- run -->\n```sh\ncat > a.csv <<'END'\nx\nEND\n```\n1. See\n\n   ```console\n   $ cat a.csv\n   x\n   ```\n"
    )
    assert tried(page, tmp_path) == []
    assert (tmp_path / "a.csv").read_text() == "x\n"


def test_a_python_block_is_run_as_a_script(tmp_path):
    assert tried("```python\nopen('made', 'w').close()\n```\n", tmp_path) == []
    assert (tmp_path / "made").is_file()


def test_only_a_block_marked_with_a_reason_is_left_out(tmp_path):
    assert tried("<!-- not run: it waits -->\n```console\n$ exit 1\n```\n", tmp_path) == []
    assert tried("<!-- not run: -->\n```console\n$ exit 1\n```\n", tmp_path) != []
    assert tried("<!-- not run: it waits -->\n\n```console\n$ exit 1\n```\n", tmp_path) != []


def test_a_shell_block_that_says_neither_run_nor_not_run_is_refused():
    with pytest.raises(UnclearBlockError, match="line 1"):
        list(steps("```sh\nls\n```\n"))

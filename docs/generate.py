"""Write the pages that follow from the program and its tests: policies, tables, the laboratory, stories, the glossary.

`python docs/generate.py` writes them beside this file. With `--check` it writes nothing, and exits with 1 when a page
is stale.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path

from ringfence.policy import MARK_WORDS, Policy, describe_sections, load_policy, policy_ids
from ringfence.record import NEEDS, TABLES, Column, Sensitivity, Table, TableKind

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent / "tests"
GLOSSARY = HERE.parent / "GLOSSARY.md"
NOT_BY_HAND = "<!-- Written by docs/generate.py. Do not edit: change what it is made from, and run it again. -->\n\n"

_TABLES_ABOUT = """# The tables

What goes in is facts: one file a table, as CSV (UTF-8, commas, a header row) or Parquet, called like the table, for
example `stays.csv`. What comes out is findings, as CSV. `ringfence tables NAME` prints the same for one table.

Give the tables that you have. [The first hour](first-hour.md#which-table-gives-what) says which table gives which
answer. Columns may stand in any order, and a column that is not required may be left out. The words of a closed list
may be written in any case. Files in another form are read through a [mapping](mappings.md).

Two rows with one **key** are the same thing. A row that is there twice counts once. A second row with the same key
that says something else is refused, unless the table has a column for corrections.

**Sensitivity** says what a column can tell about a person:

"""

_SENSITIVITY = {
    Sensitivity.OPEN: "nothing about one person: a ward, a method, a rule",
    Sensitivity.PERSONAL: "something about one person: a date, a result, an answer",
    Sensitivity.IDENTIFIER: "leads to one person: a number of theirs, or of something of theirs",
}


def pages() -> dict[str, str]:
    """Return every generated page by file name."""
    made = {f"policy-{name}.md": policy_page(load_policy(name)) for name in policy_ids()}
    made["tables.md"] = tables_page(TABLES.values())
    if TESTS.is_dir():
        sys.path.insert(0, str(TESTS))
        from manual.page import laboratory_page
        from manual.stories import stories_page

        made |= {"laboratory.md": laboratory_page(), "stories.md": stories_page()}
    if GLOSSARY.is_file():
        made["glossary.md"] = GLOSSARY.read_text(encoding="utf-8")
    return {name: NOT_BY_HAND + text.rstrip() + "\n" for name, text in made.items()}


def policy_page(policy: Policy) -> str:
    """Return the page of one policy: what `ringfence policy describe` prints, as Markdown."""
    lines = [
        f"# The policy {policy.id}",
        "",
        f"This is the file `policies/{policy.path.name}` in words, as `ringfence policy describe {policy.id}` prints "
        "it. If the two ever differ, the file counts.",
        "",
        "Each clause has a mark, which says how far it has been checked:",
        "",
    ]
    lines += [f"- {words[0].upper()}{words[1:]}." for words in MARK_WORDS.values()]
    for section in describe_sections(policy):
        lines += ["", f"## {section.heading}", ""]
        for item in section.items:
            lines += _clause(item.text, item.details) if item.details else [f"- {_plain(item.text)}"]
    return _single_blanks(lines)


def _clause(text: str, details: Sequence[str]) -> Iterator[str]:
    clause, _, rule = text.partition(": ")
    yield from (f"### {clause or text}", "", f"**{_plain(rule)}**", "")
    yield from (f"- {_plain(detail)}" for detail in details)
    yield ""


def _single_blanks(lines: Sequence[str]) -> str:
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept)


def tables_page(tables: Iterable[Table]) -> str:
    """Return the page of the tables that go in and those that come out, column by column."""
    listed = list(tables)
    facts = [table for table in listed if table.kind is TableKind.FACT]
    findings = [table for table in listed if table.kind is TableKind.FINDING]
    words = "\n".join(f"- *{name}*: {meaning};" for name, meaning in _SENSITIVITY.items())
    lines = [_TABLES_ABOUT + words.removesuffix(";") + ".", "", "## What goes in", "", *_contents(facts)]
    for table in facts:
        lines += _table(table)
    lines += ["", "## What comes out", "", "All of these stand in the output folder of `ringfence analyze`, but for"]
    lines += ["`pairs`, which `ringfence trace` writes. Moments are local to the facility, with their offset.", ""]
    lines += _contents(findings)
    for table in findings:
        lines += _table(table)
    return "\n".join(lines)


def _contents(tables: Sequence[Table]) -> Iterator[str]:
    yield from ("| Table | One row is |", "| --- | --- |")
    yield from (f"| [{table.name}](#{table.name}) | {_cell(table.one_row)} |" for table in tables)


def _table(table: Table) -> Iterator[str]:
    goes_in = table.kind is TableKind.FACT
    yield from ("", f"### {table.name}", "", f"One row is {table.one_row}. {table.about}", "")
    yield f"Key: {', '.join(f'`{name}`' for name in table.key)}.{_versions(table)}"
    head = ("Column", "Required", "Meaning", "Holds", "Empty means", "Sensitivity")
    wanted = [name for name in head if goes_in or name != "Required"]
    yield from ("", f"| {' | '.join(wanted)} |", f"| {' | '.join('---' for _ in wanted)} |")
    for column in table.columns:
        cells = dict(zip(head, _described(column, goes_in=goes_in), strict=True))
        yield f"| {' | '.join(cells[name] for name in wanted)} |"
    if table.name == "declarations":
        yield from ("", "What a declaration needs:", "", "| Kind | Needs |", "| --- | --- |")
        yield from (f"| {kind} | {', '.join(f'`{name}`' for name in needed)} |" for kind, needed in NEEDS.items())
    yield from ("", "Example:", "", "```csv", *_example(table), "```")


def _versions(table: Table) -> str:
    return f" A correction is a row with the same key and a later `{table.versions_by}`." if table.versions_by else ""


def _described(column: Column, *, goes_in: bool) -> tuple[str, ...]:
    holds = column.kind.describe()
    return (
        f"`{column.name}`",
        "yes" if column.required else "no",
        _cell(column.meaning),
        _cell(f"{holds[0].upper()}{holds[1:]}"),
        _cell(_empty(column, goes_in=goes_in)),
        column.sensitivity.value,
    )


def _empty(column: Column, *, goes_in: bool) -> str:
    if column.empty:
        return column.empty
    if column.derived:
        return "made from the row"
    if not column.required:
        return str(column.kind.write(column.default))
    return "the row is refused" if goes_in else "never empty"


def _example(table: Table) -> list[str]:
    example, text = table.example_row(), StringIO()
    csv.writer(text, lineterminator="\n").writerows([example.keys(), example.values()])
    return text.getvalue().splitlines()


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _plain(text: str) -> str:
    """Return `text` so that nothing in it is taken for markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("*", "\\*")


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pages, or check them, and return the exit status."""
    parser = argparse.ArgumentParser(description="Write the pages of the documentation that follow from the program.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a page is stale")
    check: bool = parser.parse_args(argv).check
    stale = [name for name, text in pages().items() if _read(HERE / name) != text]
    if check:
        for name in stale:
            sys.stdout.write(f"docs/{name} is stale. Run: python docs/generate.py\n")
        return 1 if stale else 0
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(f"Written: {', '.join(stale) or 'nothing; every page was up to date'}\n")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())

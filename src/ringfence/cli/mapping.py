"""`map`: looks at the files of a folder, and proposes the mapping that reads them."""

import re
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from ringfence.feeds import (
    CHOOSE,
    EACH,
    LOOKED_AT,
    IntakeError,
    Proposal,
    counted,
    lacking,
    load_mapping,
    mapping_text,
    propose,
    read_folder,
)
from ringfence.press import write_text
from ringfence.record import TABLES, BadValue, Reading

from .opening import UsageError, ready


def run_map(args: Namespace) -> int:
    """Write a mapping, and say what was recognized, what it gives, and what it cannot give."""
    folder = Path(args.folder)
    out = _out(args, folder)
    if args.zone:
        _check_zone(args.zone)
    proposal = propose(folder)
    if proposal.is_ours:
        print(f"{folder} holds Ringfence's own tables already, and needs no mapping.")
        print(f"Then:    ringfence analyze {folder} --policy nl --out OUT   (ringfence policy list)")
        return 0
    if not proposal.in_force:
        for line in _recognized(proposal):
            print(line)
        raise UsageError(
            f"{folder}: no file was recognized as movements, specimens or results, so there is no mapping to write. "
            "`ringfence tables` says what is needed; docs/mappings.md how to write a mapping."
        )
    text = mapping_text(proposal, facility=args.facility, zone=args.zone)
    write_text(out, text)
    for line in [*_recognized(proposal), *_tried(folder, out, text, proposal.cut), *_lacking(proposal)]:
        print(line)
    print(f"Written: {out}. Read it line by line, and correct it.")
    print(f"Then:    ringfence analyze {folder} --mapping {out} --policy nl --out OUT   (ringfence policy list)")
    return 0


def _out(args: Namespace, folder: Path) -> Path:
    out = Path(args.out or f"{folder.resolve().name}.yaml")
    if out.suffix not in (".yaml", ".yml"):
        raise UsageError(f"{out}: --out is a file that ends in .yaml.")
    if out.exists():
        raise UsageError(f"{out}: this file exists, and what was corrected in it would be lost. Name another: --out.")
    ready(out.resolve().parent)
    return out


def _check_zone(zone: str) -> None:
    try:
        TABLES["facilities"].by_name["zone"].kind.read(zone, Reading())
    except BadValue as bad:
        raise UsageError(f"--zone: {bad.problem} {bad.remedy}") from None


def _recognized(proposal: Proposal) -> Iterator[str]:
    """Yield which file feeds which table; names of columns alone, no cell."""
    width = max((len(entry.table) for entry in proposal.entries), default=0)
    of_file: dict[str, list[str]] = {}
    for entry in proposal.entries:
        some = [
            f"{name} = {one.column or one.template} ({one.certainty})"
            for name, one in entry.columns.items()
            if one.column != EACH
        ]
        some += [f"{len(entry.each)} columns of results"] if entry.each else []
        how = ", ".join(some) or "a square table"
        open_ = f". NOT IN FORCE: {entry.guess}" if entry.guess else ""
        of_file.setdefault(f"{entry.file}, {entry.rows:,} rows", []).append(f"  {entry.table:<{width}}  {how}{open_}")
    for file, lines in of_file.items():
        yield file
        yield from dict.fromkeys(lines)
    for name, columns in proposal.columns_unused.items():
        yield f"{name}: nothing is made of {columns}"
    for name, columns in proposal.unused.items():
        yield f"{name}: nothing was recognized. It has: {columns}"
    for problem in proposal.problems:
        yield f"{problem.file}{f':{problem.line}' if problem.line else ''}: {problem.problem} {problem.remedy}"


_OF_SEVERAL = re.compile(rf'"{CHOOSE} ([a-z_]+)(?:,| or )[^"\n]*"')
"""What is to be chosen from words that are listed."""


def _tried(folder: Path, out: Path, text: str, cut: tuple[str, ...]) -> Iterator[str]:
    """Yield what the mapping gives, or what has to be chosen first."""
    lines = text.splitlines()
    to_choose = [n for n, line in enumerate(lines, 1) if CHOOSE in line and not line.lstrip().startswith("#")]
    yield ""
    for n in to_choose:
        yield f"To choose, {out}:{n}: {lines[n - 1].partition(CHOOSE)[2].partition(chr(34))[0].strip()}"
    if cut:
        yield f"Not tried, as these have more rows than the {LOOKED_AT:,} that were looked at: {', '.join(cut)}."
        return
    unknown = sum(1 for line in lines if line.lstrip().startswith("#") and ": ?  #" in line)
    stand_in = _OF_SEVERAL.sub(lambda first: first[1], text)
    if to_choose and any(CHOOSE in line and not line.lstrip().startswith("#") for line in stand_in.splitlines()):
        return
    try:
        with TemporaryDirectory() as scratch:
            trial = Path(scratch) / out.name
            trial.write_text(stand_in, encoding="utf-8")
            intake = read_folder(folder, load_mapping(str(trial)))
    except IntakeError as error:
        yield f"Tried: {error}"
        return
    rows = {name: len(packed) for name, packed in intake.columns.items()}
    refused, noted = counted(intake.problems)
    how = ", as if the first of each choice had been taken" if to_choose else ""
    yield f"Tried{how}: {', '.join(f'{many:,} {table}' for table, many in sorted(rows.items()))}."
    yield f"Rows refused: {refused:,}. Problems noted on rows used: {noted:,}." + (
        f" Words that are not known: {unknown:,}; the mapping lists them with their counts." if unknown else ""
    )


def _lacking(proposal: Proposal) -> Iterator[str]:
    some = list(lacking(proposal))
    if some:
        yield ""
        yield "Cannot be found until it is supplied:"
        yield from (f"  {finding}: {supply}" for finding, supply in some)
        yield ""

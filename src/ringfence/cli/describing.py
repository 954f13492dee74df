"""`tables`: what goes in."""

from argparse import Namespace

from ringfence.record import TABLES, Column, Table, TableKind
from ringfence.vocabulary import did_you_mean

from .opening import UsageError

INPUTS = {name: table for name, table in TABLES.items() if table.kind is TableKind.FACT}


def run_tables(args: Namespace) -> int:
    """Print the input tables, or one column by column."""
    if args.name is None:
        width = max(map(len, INPUTS)) + 2
        for name, table in INPUTS.items():
            print(f"{name:<{width}}{table.one_row}")
        print("\nringfence tables NAME shows one column by column, with an example row.")
        return 0
    if args.name not in TABLES:
        known = ", ".join(INPUTS)
        raise UsageError(f"There is no table `{args.name}`. Input tables: {known}.{did_you_mean(args.name, TABLES)}")
    print(table_text(TABLES[args.name]), end="")
    return 0


def table_text(table: Table) -> str:
    """Return the manual page of one table."""
    lines = [f"{table.name}: {table.one_row}", table.about, ""]
    for column in table.columns:
        lines += [f"  {column.name} ({_need(column)})", f"      {column.meaning}", f"      {_holds(column)}"]
    if table.kind is TableKind.FACT:
        example = table.example_row()
        lines += ["", f"Example, {table.name}.csv:", ",".join(example), ",".join(_quoted(v) for v in example.values())]
    return "\n".join(lines) + "\n"


def _need(column: Column) -> str:
    return "required" if column.required else "optional"


def _holds(column: Column) -> str:
    empty = f" Empty: {column.empty}." if column.empty else ""
    if column.default not in (None, "") and not column.optional:
        empty = f" Empty: {column.kind.write(column.default)}."
    described = column.kind.describe()
    return f"{described[0].upper()}{described[1:]}.{empty}"


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text

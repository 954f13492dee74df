"""The fact tables as they are declared, a line for each key and column.

To write them down for a new schema version: `python tests/record/schema_lines.py > tests/record/schema-N.txt`.
"""

import sys

from ringfence.record import TABLES, TableKind
from ringfence.record.envelope import schema_of


def lines():
    for table in TABLES.values():
        if table.kind is TableKind.FACT:
            yield f"{table.name}: key {' '.join(table.key)}"
            yield from (f"{table.name}: {field.name} {field.type}" for field in schema_of(table))


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())

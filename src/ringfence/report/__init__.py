"""What people read of a run: CSV files, provenance, and one page.

What comes in is `Findings` and the `Intake` they came from; what goes out is files in a folder. Each file is whole or
absent. The page needs no network and runs no script. Every figure on it can be found again in the CSV files; a table
that the data cannot carry is empty, and both the page and `provenance.json` say why.

Not known here: how anything was decided.
"""

from .charts import patients_timeline
from .files import write_findings, write_problems, write_provenance
from .page import write_report
from .summary import counted_words, sentences_of

__all__ = [
    "counted_words",
    "patients_timeline",
    "sentences_of",
    "write_findings",
    "write_problems",
    "write_provenance",
    "write_report",
]

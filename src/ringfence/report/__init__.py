"""What people read of a run: CSV files, provenance, and one page.

What comes in is `Findings` and the `Intake` they came from; what goes out is files in a folder. Each file is whole or
absent. The page needs no network and runs no script. Every figure on it can be found again in the CSV files; a table
that the data cannot carry is empty, and both the page and `provenance.json` say why.

Not known here: how anything was decided.
"""

from .charts import patients_timeline
from .curve import Curve, epidemic_curve
from .files import (
    write_cases_of,
    write_checks,
    write_findings,
    write_indicators,
    write_links,
    write_problems,
    write_provenance,
    write_revisions,
    write_timeline,
)
from .funnels import Funnel, funnel
from .indicator_table import indicator_table
from .indicators import indicators, whole_period
from .links import TypeGroup, links, type_groups
from .page import groups_table, links_table, problems_table, report_html, table_of, timeline_table, write_report
from .periods import Period, PeriodError, read_period
from .quality import quality, quality_table
from .submitting import CASES, FreezeError, Submitted, freeze, revisions, submitted
from .summary import counted_words, sentences_of
from .urgent import Urgent, UrgentGroup, urgent
from .workbook import write_parquet, write_workbook

__all__ = [
    "CASES",
    "Curve",
    "FreezeError",
    "Funnel",
    "Period",
    "PeriodError",
    "Submitted",
    "TypeGroup",
    "Urgent",
    "UrgentGroup",
    "counted_words",
    "epidemic_curve",
    "freeze",
    "funnel",
    "groups_table",
    "indicator_table",
    "indicators",
    "links",
    "links_table",
    "patients_timeline",
    "problems_table",
    "quality",
    "quality_table",
    "read_period",
    "report_html",
    "revisions",
    "sentences_of",
    "submitted",
    "table_of",
    "timeline_table",
    "type_groups",
    "urgent",
    "whole_period",
    "write_cases_of",
    "write_checks",
    "write_findings",
    "write_indicators",
    "write_links",
    "write_parquet",
    "write_problems",
    "write_provenance",
    "write_report",
    "write_revisions",
    "write_timeline",
    "write_workbook",
]

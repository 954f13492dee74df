"""What pages are made of: design tokens, templates, tables, charts, CSV files, PDF.

What comes in is values and rows that somebody else worked out; what goes out is a page in one file, with no script
from elsewhere, no font from elsewhere and no network. Everything that comes from data is escaped, and a cell that a
spreadsheet would run is made plain text. Not known here: patients, policies, what anything means.

>>> from ringfence.press import HtmlTable
>>> "&lt;b&gt;" in HtmlTable("x", ["a"], [["<b>"]]).__html__()
True
"""

from .bars import stacked_bars
from .files import WriteError, whole
from .funnel import FunnelLimits, FunnelPoint, funnel_svg
from .pages import Chart, render
from .pdf import PdfUnavailable, check_pdf, write_pdf
from .phrases import LanguageError, Phrases, languages, phrases
from .streams import SUFFIXES, write_batches
from .tables import HtmlTable, Name, write_csv, write_text
from .timeline import Bar, Line, Test, timeline_svg
from .tokens import CSS

__all__ = [
    "CSS",
    "SUFFIXES",
    "Bar",
    "Chart",
    "FunnelLimits",
    "FunnelPoint",
    "HtmlTable",
    "LanguageError",
    "Line",
    "Name",
    "PdfUnavailable",
    "Phrases",
    "Test",
    "WriteError",
    "check_pdf",
    "funnel_svg",
    "languages",
    "phrases",
    "render",
    "stacked_bars",
    "timeline_svg",
    "whole",
    "write_batches",
    "write_csv",
    "write_pdf",
    "write_text",
]

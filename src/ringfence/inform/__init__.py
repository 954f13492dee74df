"""What carriers are told: sheets assembled from statements.

What comes in is a document's id and a region; what goes out is one HTML page. Each statement stands once, with what it
rests on, so two documents never disagree and a change is made once. A sheet is general: it names no patient, and this
version makes none for a particular person. Not known here: who is a carrier.

>>> from ringfence.inform import document_ids
>>> document_ids()
['carrier']
"""

from .content import Content, InformError, Region, Statement, document_ids, load_content, region_of
from .sheet import sheet_html, shown_in

__all__ = [
    "Content",
    "InformError",
    "Region",
    "Statement",
    "document_ids",
    "load_content",
    "region_of",
    "sheet_html",
    "shown_in",
]

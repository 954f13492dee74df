"""Bytes to facts or a stated problem, and back.

What comes in is a folder of files as people send them, in our own form or through a mapping, which can be proposed;
what goes out is facts with where each was read, and a problem with file, line, column and remedy for everything not
used. Nothing is guessed, and nothing is lost: a row is a fact or a problem. A problem never repeats the text of a cell.

Not known here: what the facts mean. Live messages are later work.

>>> from pathlib import Path
>>> from ringfence.feeds import load_mapping, read_folder
>>> from ringfence.vocabulary import shipped
>>> intake = read_folder(shipped("examples", "small-hospital"), load_mapping(None))
>>> len(intake.facts) > 0
True
"""

from .encode import write_folder
from .folder import Intake, Progress, read_folder
from .links import LINKS, Link, Names
from .mapping import CHOOSE, EACH, FeedMapping, MappingError, load_mapping, mapping_ids
from .problems import COSTS, Effect, IntakeError, Problem, counted, refused_by_table
from .proposal_text import lacking, mapping_text
from .proposing import LOOKED_AT, Proposal, propose

__all__ = [
    "CHOOSE",
    "COSTS",
    "EACH",
    "LINKS",
    "LOOKED_AT",
    "Effect",
    "FeedMapping",
    "Intake",
    "IntakeError",
    "Link",
    "MappingError",
    "Names",
    "Problem",
    "Progress",
    "Proposal",
    "counted",
    "lacking",
    "load_mapping",
    "mapping_ids",
    "mapping_text",
    "propose",
    "read_folder",
    "refused_by_table",
    "write_folder",
]

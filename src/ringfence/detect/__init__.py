"""Signals: groups of cases that may be one transmission.

What comes in is cases with the wards they were found on; what goes out is signals. One rule in this version: linked
cases. A signal is a question to a professional; only a declaration opens or closes an outbreak. Statistics, plasmid
and strain clusters are later work; genomic distances are shown beside a signal and decide nothing.
"""

from .linked import RULE, WITHIN, LinkedCase, linked_cases

__all__ = ["RULE", "WITHIN", "LinkedCase", "linked_cases"]

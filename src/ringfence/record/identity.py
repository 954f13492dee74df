"""Who is who: the canonical patient behind merged numbers.

Facts stay under the number they arrived with. The canonical number is the least of the connected component of the
links in force; an unlink takes it apart again. See docs/decisions/0004.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from .facts import IdentityLink
from .words import LinkAction

_UTC = ZoneInfo("UTC")


def canonical_numbers(links: Iterable[IdentityLink]) -> Mapping[str, str]:
    """Return the canonical number of every number that is not its own."""
    parents: dict[str, str] = {}

    def root(number: str) -> str:
        while (above := parents.get(number, number)) != number:
            number = above
        return number

    for link in links_in_force(links):
        low, high = sorted((root(link.patient_a), root(link.patient_b)))
        parents[high] = low
    return {number: found for number in parents if (found := root(number)) != number}


def links_in_force(links: Iterable[IdentityLink]) -> list[IdentityLink]:
    """Return the links that no later unlink of the same two numbers took back."""
    return [link for link in last_of_each_pair(links) if link.action is LinkAction.LINK]


def last_of_each_pair(links: Iterable[IdentityLink]) -> list[IdentityLink]:
    """Return the last link or unlink of each two numbers, which is in force."""
    last: dict[tuple[str, str], IdentityLink] = {}
    for link in sorted(links, key=_in_time):
        last[_pair(link)] = link
    return list(last.values())


def patient_of(case_id: str | None) -> str | None:
    """Return the patient of a case's id, which is patient, family and episode."""
    return case_id.rsplit(":", 2)[0] if case_id else None


def _pair(link: IdentityLink) -> tuple[str, str]:
    low, high = sorted((link.patient_a, link.patient_b))
    return low, high


def _in_time(link: IdentityLink) -> tuple[datetime, bool, str]:
    """Of a link and an unlink of one moment the unlink counts: two people taken for one is the worse mistake."""
    return link.declared.earliest(_UTC), link.action is LinkAction.UNLINK, link.link_id

"""What a view tells of who was where, as columns: of the clear straight from the record's, of others by the rules."""

from collections.abc import Collection
from dataclasses import fields

import numpy as np

from ringfence.record import ClearPresences, Level, View, clear_presences, presences, repaired_stays

from .columns import Columns, Names, Place

_AT_ONCE = 20_000
"""How many patients go through the rules together: their rows are let go of before the next."""
_MICROSECONDS_OF_A_MINUTE = 60_000_000


def columns_of(view: View, level: Level, names: Names, only: Collection[str] | None = None) -> Columns:
    """Return the presences of everyone, or of some patients, at a level; who is new is added to the names.

    See docs/decisions/0016.
    """
    clear = clear_presences(view, level, only)
    others = sorted(clear.others)
    names.numbers_of([*clear.patients, *others])
    found = [_of_the_clear(clear, names)]
    for first in range(0, len(others), _AT_ONCE):
        some = frozenset(others[first : first + _AT_ONCE])
        found.append(names.columns(presences(view, level, repaired_stays(view, some))))
    return Columns.together(found)


def _of_the_clear(clear: ClearPresences, names: Names) -> Columns:
    patient, places = names.numbers_of(clear.patients), names.numbers_of_places([_place(one) for one in clear.places])
    minutes = {name: getattr(clear, name) // _MICROSECONDS_OF_A_MINUTE for name in ("start", "end")}
    no, none = np.zeros(len(clear.patient), bool), np.full(len(clear.patient), -1, np.int32)
    known = {"patient": patient[clear.patient], "place": places[clear.place], "by_day": no, "open": no, "repairs": none}
    times = {**minutes, "sure_start": minutes["start"], "sure_end": minutes["end"]}
    days = {name: getattr(clear, name) for name in ("first_day", "last_day", "first_night", "last_night")}
    whole = {name: array.astype(np.int32) for name, array in {**times, **days}.items()}
    return Columns(**{one.name: {**known, **whole}[one.name] for one in fields(Columns)})


def _place(one: tuple[str, tuple[str, str | None, str | None], str]) -> Place:
    facility, (ward, room, bed), zone = one
    return Place(facility, ward, room, bed, zone)

"""Stratum 3: how far the follow-up of one contact has come."""

from dataclasses import dataclass
from datetime import datetime

from ringfence.record import Timeline, local_text

from .screens import Outcome, Screen, is_screen, screen_of


@dataclass(frozen=True)
class FollowUp:
    """Screens of a contact after the first exposure."""

    sets_done: int
    """Different local days with a screening specimen that gave a final result."""
    last: Screen | None
    """The last screen with a result."""
    pending: bool
    """Whether a later screen has no result yet."""


def follow_up(timeline: Timeline, *, since: datetime) -> FollowUp:
    """Return the screens of a contact collected after `since`, the start of the first exposure."""
    zone = timeline.setting.zone
    after = [
        screen_of(s, timeline)
        for s in timeline.specimens
        if is_screen(s) and not s.rejected and s.collected.earliest(zone(s.facility_id)) > since
    ]
    told = [s for s in after if s.outcome is not Outcome.PENDING]
    done = [s.specimen for s in told if s.specimen and (s.outcome.resulted or s.outcome is Outcome.GREW)]
    days = {specimen.collected.day(zone(specimen.facility_id)) for specimen in done}
    pending = bool(after) and after[-1].outcome is Outcome.PENDING
    return FollowUp(len(days), told[-1] if told else None, pending)


def outcome_text(screen: Screen) -> str:
    """Return what came of a screen, without a date."""
    return f"{', '.join(screen.enzymes)} {screen.outcome}" if screen.enzymes else screen.outcome.value


def screen_text(screen: Screen, timeline: Timeline) -> str:
    """Return what came of a screen with its date, never as a verdict on the person."""
    said = outcome_text(screen)
    if screen.on is None:
        return said
    zone = timeline.setting.zone(screen.specimen.facility_id if screen.specimen else None)
    day = screen.on.day(zone) if screen.on.at is None else local_text(screen.on.at, zone)[:10]
    return f"{said} {day}"

"""The kinds of column: how each is stored in Arrow, read from text, written back, and named in words.

The list is closed on purpose. A kind reads *text as a person or a system wrote it* and raises `BadValue` with what
is wrong and what would be right; it never repeats the text, which may be somebody's name in the wrong column.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo, available_timezones

import pyarrow as pa

from ringfence.vocabulary import PlainError, Refused, carbapenemase, did_you_mean, organism, specimen_kind

from .moments import When
from .words import SPELLINGS


class BadValue(ValueError):  # noqa: N818
    """A cell that cannot be read: `problem` says what is wrong, `remedy` what would be right."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem} {remedy}")


class FarOff(BadValue):
    """A date after the years that are read, by which some systems say that there is none."""


@dataclass(frozen=True)
class Reading:
    """What a mapping says about the text of a column."""

    zone: ZoneInfo | None = None
    """The zone of times written without one."""
    format: str | None = None
    """A `strptime` format; without one, ISO 8601 is expected."""


class Kind:
    """One kind of column."""

    words: ClassVar[str] = ""
    arrow: ClassVar[pa.DataType] = pa.string()
    dated: ClassVar[bool] = False
    """Whether it is a date or an instant."""
    measured: ClassVar[bool] = False
    """Whether it is a number of something."""

    def describe(self) -> str:
        """Say what a cell of this kind holds."""
        return self.words

    def fields(self, name: str) -> list[pa.Field]:
        """Return the Arrow fields that hold a column called `name`."""
        return [pa.field(name, self.arrow)]

    def read(self, text: str, reading: Reading) -> Any:  # noqa: ANN401
        """Return the value that `text` (never empty, stripped) writes."""
        raise NotImplementedError

    def write(self, value: Any) -> str:  # noqa: ANN401
        """Return the text that `read` reads back."""
        return str(value)

    def pack(self, value: Any) -> Sequence[Any]:  # noqa: ANN401
        """Return one Arrow value for each of `fields`."""
        return [value]

    def unpack(self, columns: Sequence[Any]) -> list[Any]:
        """Return the values of the Arrow columns of `fields`, one for each row; by the column, as rows are many."""
        values: list[Any] = columns[0].to_pylist()
        return values


class Text(Kind):
    """Free or coded text with no list of its own."""

    words = "text"

    def read(self, text: str, reading: Reading) -> str:  # noqa: D102
        return text


class Count(Kind):
    """A whole number, zero or more."""

    words = "a whole number, 0 or more"
    measured = True
    arrow = pa.int64()

    def read(self, text: str, reading: Reading) -> int:  # noqa: D102
        if not re.fullmatch(r"\d{1,15}", text):
            raise BadValue("This is not a whole number.", "Write digits only, for example 12.")
        return int(text)


class Hours(Kind):
    """A duration in hours."""

    words = "hours, with decimals"
    measured = True
    arrow = pa.float64()

    def read(self, text: str, reading: Reading) -> float:  # noqa: D102
        try:
            return float(text)
        except ValueError:
            raise BadValue("This is not a number of hours.", "Write it like 139 or 4.5.") from None

    def write(self, value: float) -> str:  # noqa: D102
        return f"{value:.2f}".rstrip("0").rstrip(".")


class Number(Kind):
    """A measured number; what it measures is said by the columns beside it."""

    words = "a number, with a point before decimals"
    measured = True
    arrow = pa.float64()

    def read(self, text: str, reading: Reading) -> float:  # noqa: D102
        if _DECIMAL_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        if not re.fullmatch(r"-?(\d{1,15}(\.\d{1,15})?|\.\d{1,15})", text, re.ASCII):
            raise _no_number(text)
        return float(text)

    def write(self, value: float) -> str:  # noqa: D102
        return f"{Decimal(repr(value)):f}".removesuffix(".0")


_DECIMAL_COMMA = re.compile(r"-?(\d{1,15},\d{1,2}|0,\d{1,15})", re.ASCII)
"""A comma before one or two digits, or after a zero alone: it divides no thousands."""
_SIGN = re.compile(r"\s*(<=|>=|=<|=>|<|>|=|≤|≥)\s*")
_SIGN_NAMES = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}


def _no_number(text: str) -> BadValue:
    sign = _SIGN.match(text)
    rest = text[sign.end() :] if sign else text
    decimal = _DECIMAL_COMMA.fullmatch(rest) is not None
    with_comma = not decimal and re.fullmatch(r"-?\d{1,15},\d{1,15}", rest, re.ASCII) is not None
    if not with_comma and not (sign and (decimal or re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", rest, re.ASCII))):
        return BadValue("This is not a number.", "Write it like 8 or 0.25; a sign such as <= has its own column.")
    problems, remedies = [], []
    if sign:
        named = _SIGN_NAMES.get(sign[1], sign[1])
        problems.append("a sign before the number")
        remedies.append(f"Write the sign as {named} in its own column, `comparator`, and only the number here")
    if with_comma:
        problems.append("a comma in the number")
        remedies.append("Write a point before decimals, like 0.25, and no mark between thousands")
    return BadValue(f"This has {' and '.join(problems)}.", f"{'. '.join(remedies)}.")


class YesNo(Kind):
    """True or false."""

    words = "yes or no"
    arrow = pa.bool_()

    def read(self, text: str, reading: Reading) -> bool:  # noqa: D102
        if text.casefold() not in ("yes", "no"):
            raise BadValue("This is neither yes nor no.", "Write yes or no, or map the value in the mapping.")
        return text.casefold() == "yes"

    def write(self, value: bool) -> str:  # noqa: D102
        return "yes" if value else "no"


class Zone(Kind):
    """An IANA time zone name."""

    words = "an IANA time zone, for example Europe/Amsterdam"

    def read(self, text: str, reading: Reading) -> str:  # noqa: D102
        try:
            return ZoneInfo(text).key
        except (KeyError, ValueError, OSError):
            raise BadValue(
                "This is not an IANA time zone.",
                f"Write it like Europe/Amsterdam or America/Vancouver.{did_you_mean(text, available_timezones())}",
            ) from None


class Day(Kind):
    """A calendar date."""

    words = "a date, YYYY-MM-DD"
    dated = True
    arrow = pa.date32()

    def read(self, text: str, reading: Reading) -> date:  # noqa: D102
        return _read_date(text, reading)

    def write(self, value: date) -> str:  # noqa: D102
        return value.isoformat()


class InstantInTime(Kind):
    """An instant and nothing less; views use it."""

    words = "an instant in UTC"
    dated = True
    arrow = pa.timestamp("us", "UTC")

    def read(self, text: str, reading: Reading) -> datetime:  # noqa: D102
        return _read_instant(text, reading)

    def write(self, value: datetime) -> str:  # noqa: D102
        return value.isoformat()

    def unpack(self, columns: Sequence[Any]) -> list[datetime | None]:  # noqa: D102
        return _instants(columns[0])


class Moment(Kind):
    """An instant, or a whole local day: a `When`."""

    words = "a date (YYYY-MM-DD) or an instant (YYYY-MM-DDTHH:MM, with an offset or in the zone of the facility)"
    dated = True

    def fields(self, name: str) -> list[pa.Field]:  # noqa: D102
        return [pa.field(f"{name}_at", pa.timestamp("us", "UTC")), pa.field(f"{name}_on", pa.date32())]

    def read(self, text: str, reading: Reading) -> When:  # noqa: D102
        timed = "%H" in reading.format or "%I" in reading.format if reading.format else len(text) > 10
        return When(at=_read_instant(text, reading)) if timed else When(on=_read_date(text, reading))

    def write(self, value: When) -> str:  # noqa: D102
        return value.at.isoformat() if value.at is not None else str(value.on)

    def pack(self, value: When | None) -> Sequence[Any]:  # noqa: D102
        return [None, None] if value is None else [value.at, value.on]

    def unpack(self, columns: Sequence[Any]) -> list[When | None]:  # noqa: D102
        instants = _instants(columns[0])
        if columns[1].null_count == len(columns[1]):
            return [None if at is None else When(at=at) for at in instants]
        both = zip(instants, columns[1].to_pylist(), strict=True)
        return [None if at is None and on is None else When(at=at, on=on) for at, on in both]


class UnknownWord(PlainError):  # noqa: N818
    """A word in a record that this version does not have."""

    def __init__(self) -> None:
        super().__init__("The record holds a word that this version of Ringfence does not know. Install a newer one.")


class Choice(Kind):
    """One of a closed list of words."""

    def __init__(self, choices: type[StrEnum]) -> None:
        self.choices = choices

    def describe(self) -> str:  # noqa: D102
        return "one of " + ", ".join(self.choices)

    def read(self, text: str, reading: Reading) -> StrEnum:  # noqa: D102
        folded = text.casefold().replace(" ", "_")
        folded = SPELLINGS.get(self.choices, {}).get(folded, folded)
        found = next((word for word in self.choices if word.casefold() == folded), None)
        if found is None:
            raise BadValue(
                "This is not one of the words of this column.",
                f"Write one of {', '.join(self.choices)}, or map the value in the mapping."
                + did_you_mean(text, self.choices),
            )
        return found

    def write(self, value: StrEnum) -> str:  # noqa: D102
        return value.value

    def pack(self, value: StrEnum | None) -> Sequence[Any]:  # noqa: D102
        return [None if value is None else value.value]

    def unpack(self, columns: Sequence[Any]) -> list[StrEnum | None]:  # noqa: D102
        words: dict[str | None, StrEnum | None] = {None: None, **{word.value: word for word in self.choices}}
        try:
            return [words[text] for text in columns[0].to_pylist()]
        except KeyError:
            raise UnknownWord from None


class OrganismName(Kind):
    """An organism of the codelist; stored as our code."""

    words = "an organism: its name, a synonym, its WHONET code or its SNOMED CT code"

    def read(self, text: str, reading: Reading) -> str:  # noqa: D102
        return _coded(lambda: organism(text).code)


class EnzymeName(Kind):
    """A carbapenemase; stored as its family or variant name."""

    words = "a carbapenemase: family or variant, for example NDM, KPC-3, OXA-48-like"

    def read(self, text: str, reading: Reading) -> str:  # noqa: D102
        return _coded(lambda: carbapenemase(text).name)


class SpecimenName(Kind):
    """A kind of specimen of the codelist; stored as its code."""

    words = "a kind of specimen: rectal_swab, stool, urine, blood …"

    def read(self, text: str, reading: Reading) -> str:  # noqa: D102
        return _coded(lambda: specimen_kind(text).code)


def _coded(look_up: Callable[[], str]) -> str:
    try:
        return look_up()
    except Refused as error:
        raise BadValue(error.problem, error.remedy) from None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _instants(column: Any) -> list[datetime | None]:  # noqa: ANN401
    counts = column.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_pylist()
    return [None if n is None else _EPOCH + timedelta(microseconds=n) for n in counts]


_NO_SUCH_TIME = "This local time does not exist: the clocks went forward over it."


def _read_date(text: str, reading: Reading) -> date:
    shape = reading.format or "%Y-%m-%d"
    try:
        if not reading.format and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        day = datetime.strptime(text, shape).date()  # noqa: DTZ007 a date has no zone
    except ValueError:
        raise BadValue(_not_a("date", text, shape), f"Write it as {_shown(shape)}.") from None
    return _in_our_time(day)


def _read_instant(text: str, reading: Reading) -> datetime:
    try:
        moment = datetime.strptime(text, reading.format) if reading.format else _from_iso(text)  # noqa: DTZ007
    except ValueError:
        shape = reading.format or "%Y-%m-%dT%H:%M"
        raise BadValue(_not_a("date and time", text, shape), f"Write it as {_shown(shape)}.") from None
    _in_our_time(moment)
    if moment.tzinfo is None:
        if reading.zone is None:
            raise BadValue(
                "This time has no zone.",
                "Add the offset (2026-03-15T11:00+01:00), or give `time_zone` in the mapping.",
            )
        return localized(moment, reading.zone)
    return moment.astimezone(UTC)


Dated = TypeVar("Dated", bound=date)


def _in_our_time(day: Dated) -> Dated:
    if not 1900 <= day.year <= 2199:
        remedy = "Give the real date. An end that is still open is an empty cell, not a date far off."
        raise (FarOff if day.year > 2199 else BadValue)("This date lies outside the years 1900 to 2199.", remedy)
    return day


def localized(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a naive local time; of two (clocks going back), the earlier.

    Raises:
        BadValue: the clocks went forward over this time.
    """
    instant = moment.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != moment:
        raise BadValue(_NO_SUCH_TIME, "Give the time the clock showed, or write the offset.")
    return instant


def _from_iso(text: str) -> datetime:
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", text):
        raise ValueError
    return datetime.fromisoformat(text)


def _not_a(thing: str, text: str, shape: str) -> str:
    wanted = mask((datetime(2026, 3, 15) + timedelta(hours=11)).strftime(shape))  # noqa: DTZ001
    if mask(text) == wanted:
        return f"There is no such {thing}."
    return f"This is not a {thing} of the form expected: it looks like {mask(text)} (9: any digit)."


def mask(text: str) -> str:
    """Show the shape of a text and nothing of it: digits as 9, letters as a."""
    masked = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", text))
    return masked if len(masked) <= 24 else f"{masked[:24]}…"


def _shown(shape: str) -> str:
    names = {
        "%Y": "YYYY",
        "%m": "MM",
        "%d": "DD",
        "%H": "HH",
        "%M": "MM",
        "%S": "SS",
        "%y": "YY",
        "%b": "Mon",
    }
    for code, name in names.items():
        shape = shape.replace(code, name)
    return shape

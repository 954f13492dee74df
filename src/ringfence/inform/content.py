"""What documents say: statements, one a unit, each with what it rests on and where it applies."""

from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict

from ringfence.vocabulary import DocumentError, PlainError, Strict, did_you_mean, read_document, shipped


class InformError(PlainError):
    """A document, language or region that does not exist, or a statement file with faults."""


class Region(StrEnum):
    """Where a sheet is handed out: phone lines and names differ."""

    NEUTRAL = "neutral"
    BRITISH_COLUMBIA = "ca-bc"


class Applies(Strict):
    """When a statement applies."""

    model_config = ConfigDict(title="when")

    region: Literal["any", "neutral", "ca-bc"]


class Statement(Strict):
    """One thing a document says."""

    model_config = ConfigDict(title="a statement")

    id: str
    en: str
    rests_on: str
    when: Applies = Applies(region="any")


class Heading(Strict):
    """A heading or title in each language."""

    model_config = ConfigDict(title="a heading")

    en: str


class Section(Strict):
    """Statements under a heading."""

    model_config = ConfigDict(title="a section")

    id: str
    heading: Heading
    statements: tuple[Statement, ...]


class SourceOf(Strict):
    """A source that statements rest on."""

    model_config = ConfigDict(title="a source")

    title: str
    where: str


class Content(Strict):
    """The content of one document."""

    model_config = ConfigDict(title="a statements file")

    statements: Literal["1"]
    id: str
    title: Heading
    sources: dict[str, SourceOf]
    sections: tuple[Section, ...]


def document_ids() -> list[str]:
    """Return the ids of the documents there are."""
    return sorted(p.stem for p in shipped("statements").glob("*.yaml"))


def load_content(name: str) -> Content:
    """Return the content of a document.

    Raises:
        InformError: there is no such document, or its file has faults; every fault with its line.
    """
    if name not in document_ids():
        known = ", ".join(document_ids())
        raise InformError(f"There is no document `{name}`. There are: {known}.{did_you_mean(name, document_ids())}")
    try:
        return read_document(shipped("statements", f"{name}.yaml"), name=f"statements/{name}.yaml").into(Content)
    except DocumentError as error:
        raise InformError(str(error)) from None


def region_of(name: str) -> Region:
    """Return the region of that name.

    Raises:
        InformError: there is none.
    """
    try:
        return Region(name)
    except ValueError:
        raise InformError(
            f"There is no region `{name}`. There are: {', '.join(Region)}.{did_you_mean(name, Region)}"
        ) from None

"""Statements to a sheet a person can take home."""

from dataclasses import dataclass

from ringfence.press import render

from .content import Content, Region, Section, Statement


@dataclass(frozen=True)
class Shown:
    """A section as it is shown in one region."""

    heading: str
    statements: tuple[Statement, ...]


def shown_in(content: Content, region: Region) -> tuple[Shown, ...]:
    """Return the sections with the statements that apply in a region; a section with none is left out."""
    sections = (Shown(section.heading.en, _applying(section, region)) for section in content.sections)
    return tuple(section for section in sections if section.statements)


def sheet_html(content: Content, *, region: Region) -> str:
    """Return a document as one HTML page in English, with the sources it rests on."""
    return render(
        "ringfence.inform",
        "sheet.html",
        title=content.title.en,
        sections=shown_in(content, region),
        sources=content.sources.values(),
    )


def _applying(section: Section, region: Region) -> tuple[Statement, ...]:
    return tuple(s for s in section.statements if s.when.region in ("any", region))

"""The cases that stand beside a policy: made-up patients and the right answer for each."""

from datetime import date
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, model_validator

from ringfence.record import TABLES, AnswerWord, EncounterKind, Question, Reading, RelationKind, UnitKind, Verdict
from ringfence.vocabulary import DocumentError, Strict, read_document, shipped

from .policies import Policy, PolicyError
from .rulings import (
    AcquisitionGiven,
    ClearanceGiven,
    ContactGiven,
    DenominatorGiven,
    FollowUpGiven,
    IdentificationGiven,
    OutbreakGiven,
    ReportingGiven,
)


def _moment(text: str) -> str:
    TABLES["answers"].by_name["start"].kind.read(text, Reading(ZoneInfo("UTC")))
    return text


MomentText = Annotated[str, AfterValidator(_moment)]
"""The text of a date or an instant; the zone of the case reads it when the case is run."""


class CaseAnswer(Strict):
    """One answer given at admission."""

    model_config = ConfigDict(title="an answer")

    question: Question
    answer: AnswerWord
    country: str | None = None
    start: MomentText | None = None
    end: MomentText | None = None
    procedure: AnswerWord | None = None


class CaseOutbreak(Strict):
    """An outbreak declared on a ward."""

    model_config = ConfigDict(title="an outbreak")

    facility: str
    ward: str
    organism: str
    carbapenemase: str


class CaseVisit(Strict):
    """An earlier visit that the record holds itself."""

    model_config = ConfigDict(title="a visit")

    kind: EncounterKind
    start: MomentText
    end: MomentText | None = None
    recurring: bool = False


class CaseHistory(Strict):
    """A report that the person was positive elsewhere."""

    model_config = ConfigDict(title="a report")

    positive: MomentText | None = None
    reported: MomentText


class Expected(Strict):
    """The right answer."""

    model_config = ConfigDict(title="expect")

    at_risk: Verdict
    decided_by: tuple[str, ...] = ()
    screen_for: str | None = None
    missing: tuple[str, ...] | None = None


class PolicyCase(Strict):
    """One made-up patient at the desk."""

    model_config = ConfigDict(title="a case")

    name: str
    admitted: MomentText
    zone: str
    answers: tuple[CaseAnswer, ...] = ()
    from_ward: CaseOutbreak | None = None
    visits: tuple[CaseVisit, ...] = ()
    positives: tuple[MomentText, ...] = ()
    """Specimens of the patient in which a KPC gene was found."""
    reported: CaseHistory | None = None
    related: RelationKind | None = None
    """How the patient belongs with a known carrier."""
    admitted_to: UnitKind | None = None
    others: Literal["no", "not_asked"]
    expect: Expected
    because: str


class PrecautionsGiven(Strict):
    """A carrier, or somebody whose screen is pending."""

    model_config = ConfigDict(title="precautions")

    on: date
    last_positive: date | None = None
    screen: Literal["pending"] | None = None


_RULES = (
    "precautions", "contacts", "follow_up", "clearance", "outbreak", "identification", "acquisition", "reporting",
    "denominators",
)  # fmt: skip


class Ruled(Strict):
    """What the policy says."""

    model_config = ConfigDict(title="expect")

    answer: str
    decided_by: tuple[str, ...]


class RuleCase(Strict):
    """One plain situation put to the clauses of one group, and the right answer."""

    model_config = ConfigDict(title="a rule case")

    name: str
    precautions: PrecautionsGiven | None = None
    contacts: ContactGiven | None = None
    follow_up: FollowUpGiven | None = None
    clearance: ClearanceGiven | None = None
    outbreak: OutbreakGiven | None = None
    identification: IdentificationGiven | None = None
    acquisition: AcquisitionGiven | None = None
    reporting: ReportingGiven | None = None
    denominators: DenominatorGiven | None = None
    expect: Ruled
    because: str

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in _RULES if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a rule case puts one situation to one group of clauses: {', '.join(_RULES)}.")
        return self

    @property
    def given(self) -> Strict:
        """The situation."""
        given: Strict = next(one for name in _RULES if (one := getattr(self, name)) is not None)
        return given


class CasesFile(Strict):
    """A file of cases."""

    model_config = ConfigDict(title="a file of cases")

    policy: str
    cases: tuple[PolicyCase, ...]
    rules: tuple[RuleCase, ...] = ()


def load_cases(policy: Policy) -> tuple[PolicyCase, ...]:
    """Return the admission cases of a policy, from the file `ID.cases.yaml` beside it.

    Raises:
        PolicyError: there are none, or the file has faults.
    """
    return _cases(policy).cases


def load_rule_cases(policy: Policy) -> tuple[RuleCase, ...]:
    """Return the cases of the other groups of clauses, from the same file.

    Raises:
        PolicyError: there is no such file, or it has faults.
    """
    return _cases(policy).rules


def _cases(policy: Policy) -> CasesFile:
    path = policy.path.with_name(f"{policy.path.stem}.cases.yaml")
    is_shipped = path.parent == shipped("policies")
    if not path.is_file() and not is_shipped:
        raise PolicyError(
            f"{path}: there is no such file. The cases of a policy stand beside it, at least one for each clause. "
            "Write `policy: "
            f"{policy.id}`, `cases:` and `rules:` as in policies/nl.cases.yaml."
        )
    try:
        return read_document(path, name=f"policies/{path.name}" if is_shipped else str(path)).into(CasesFile)
    except DocumentError as error:
        raise PolicyError(str(error)) from None

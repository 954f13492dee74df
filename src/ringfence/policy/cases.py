"""The cases that stand beside a policy: made-up patients and the right answer for each."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict

from ringfence.record import TABLES, AnswerWord, Question, Reading, Verdict
from ringfence.vocabulary import DocumentError, Strict, read_document

from .policies import Policy, PolicyError


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
    others: Literal["no", "not_asked"]
    expect: Expected
    because: str


class CasesFile(Strict):
    """A file of cases."""

    model_config = ConfigDict(title="a file of cases")

    policy: str
    cases: tuple[PolicyCase, ...]


def load_cases(policy: Policy) -> tuple[PolicyCase, ...]:
    """Return the cases of a policy, from the file `ID.cases.yaml` beside it.

    Raises:
        PolicyError: there are none, or the file has faults.
    """
    path = policy.path.with_name(f"{policy.path.stem}.cases.yaml")
    try:
        return read_document(path, name=f"policies/{path.name}").into(CasesFile).cases
    except DocumentError as error:
        raise PolicyError(str(error)) from None

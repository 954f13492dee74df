"""Random histories of facts for the laws: versions, retractions, repetitions, days and instants, links and decodings."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from builders import facility
from hypothesis import strategies as st

from ringfence.record import (
    Declaration,
    DeclarationKind,
    Encounter,
    EncounterKind,
    EnzymeCode,
    Fact,
    Found,
    IdentityLink,
    LinkAction,
    PatientId,
    Purpose,
    Result,
    ResultKind,
    ResultStatus,
    Specimen,
    SpecimenCode,
    Stay,
    When,
)

BEGAN = datetime(2026, 3, 27, 22, tzinfo=UTC)  # the clocks of Amsterdam go forward on the 29th
PATIENTS = ("TEST-1", "TEST-2", "TEST-3")

hours = st.integers(min_value=0, max_value=96)
instants = hours.map(lambda n: BEGAN + timedelta(hours=n))
moments = st.one_of(
    instants.map(lambda at: When(at=at)),
    st.integers(min_value=0, max_value=4).map(lambda n: When(on=date(2026, 3, 28) + timedelta(days=n))),
)
maybe_moments = st.none() | moments
patients = st.sampled_from(PATIENTS).map(PatientId)
sent = st.none() | instants
sites = st.sampled_from(["Elm"] * 7 + ["Oak"])  # Oak is not on record


def numbered(prefix, many):
    return st.integers(min_value=1, max_value=many).map(lambda n: f"{prefix}{n}")


encounters = st.builds(
    Encounter,
    encounter_id=numbered("E", 3),
    patient_id=patients,
    facility_id=sites,
    kind=st.sampled_from(EncounterKind),
    start=moments,
    end=maybe_moments,
)
stays = st.builds(
    Stay,
    stay_id=numbered("S", 4),
    patient_id=patients,
    encounter_id=st.none() | numbered("E", 3),
    facility_id=sites,
    ward=st.sampled_from(["2N", "3W"]),
    room=st.none() | st.sampled_from(["201", "202"]),
    start=moments,
    end=maybe_moments,
)
specimens = st.builds(
    Specimen,
    specimen_id=numbered("SP", 3),
    patient_id=patients,
    facility_id=st.none() | st.just("Elm"),
    kind=st.just(SpecimenCode("rectal_swab")),
    purpose=st.just(Purpose.SCREENING),
    collected=moments,
    rejected=maybe_moments,
)
results = st.builds(
    Result,
    result_id=numbered("R", 4),
    specimen_id=numbered("SP", 3),
    kind=st.just(ResultKind.GENE),
    analyte=st.sampled_from(["KPC", "NDM"]).map(EnzymeCode),
    found=st.sampled_from(Found),
    status=st.sampled_from(ResultStatus),
    reported=maybe_moments,
)
links = st.builds(
    IdentityLink,
    link_id=numbered("L", 4),
    patient_a=patients,
    patient_b=patients,
    action=st.sampled_from(LinkAction),
    declared_by=st.just("registration desk"),
    declared=instants.map(lambda at: When(at=at)),
)
_TABLES = {
    "encounters": encounters,
    "stays": stays,
    "specimens": specimens,
    "results": results,
    "identity_links": links,
}


@st.composite
def facts(draw):
    """One fact of any of the tables that carry the laws."""
    table = draw(st.sampled_from([*_TABLES, "stays", "results"]))
    message = draw(numbered("message-", 5))
    return Fact(
        table=table,
        row=draw(_TABLES[table]),
        message=message,
        generation=draw(st.sampled_from([1, 1, 1, 2])),
        recorded=draw(st.none() | instants),
        sent=draw(sent),
        control=draw(st.sampled_from(["", "", "a", "b"])),
        retracts=draw(st.sampled_from([False, False, False, True])),
        system=draw(st.sampled_from(["", "", "ward", "laboratory"])),
    )


@st.composite
def taken_back(draw, number, some):
    """What a person takes back of some facts, and perhaps undoes, and perhaps undoes undoing it."""
    fact = draw(st.sampled_from(some))
    moment, names = draw(instants), [f"D{number}{step}" for step in "abc"]
    yields = [
        replace(fact, retracts=True, recorded=moment, sent=moment, source="entered", message="", control=names[0]),
        decided(names[0], DeclarationKind.RETRACTED, moment, about=f"{fact.table}:x"),
    ]
    for undoes, name in pairwise(names[: draw(st.integers(min_value=1, max_value=3))]):
        moment = draw(instants)
        yields.append(decided(name, DeclarationKind.UNDONE, moment, undoes=undoes))
    return yields


def decided(name, kind, moment, **about):
    """A fact that a professional decided something."""
    row = Declaration(declaration_id=name, kind=kind, declared_by="ICP", declared=When(at=moment), **about)
    return Fact(table="declarations", row=row, source="entered", sent=moment)


@st.composite
def histories(draw, most=14):
    """Lists of facts, with the facility they belong to, and what people took back of them."""
    elm = Fact(table="facilities", row=facility(), message="message-0")
    some = draw(st.lists(facts(), max_size=most))
    for number in range(draw(st.integers(min_value=0, max_value=2)) if some else 0):
        some = [
            *some,
            *draw(taken_back(number, [f for f in some if f.table not in ("declarations", "identity_links")] or [elm])),
        ]
    return [elm, *some]

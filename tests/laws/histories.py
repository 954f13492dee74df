"""Random histories of facts for the laws: versions, retractions, repetitions, days and instants, links and decodings."""

from datetime import UTC, date, datetime, timedelta

from builders import facility
from hypothesis import strategies as st

from ringfence.record import (
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


def numbered(prefix, many):
    return st.integers(min_value=1, max_value=many).map(lambda n: f"{prefix}{n}")


encounters = st.builds(
    Encounter,
    encounter_id=numbered("E", 3),
    patient_id=patients,
    facility_id=st.just("Elm"),
    kind=st.sampled_from(EncounterKind),
    start=moments,
    end=maybe_moments,
)
stays = st.builds(
    Stay,
    stay_id=numbered("S", 4),
    patient_id=patients,
    encounter_id=st.none() | numbered("E", 3),
    facility_id=st.just("Elm"),
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
    )


def histories(most=14):
    """Lists of facts, with the facility they belong to."""
    elm = Fact(table="facilities", row=facility(), message="message-0")
    return st.lists(facts(), max_size=most).map(lambda some: [elm, *some])

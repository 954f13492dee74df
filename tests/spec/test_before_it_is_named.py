"""A carbapenemase that is not named yet, then is, then is taken back: what people declared goes along and is never lost."""

from builders import declared, gene, isolate, specimen, stay, view, when

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import (
    CaseStatus,
    DeclarationKind,
    Disease,
    Found,
    Interpretation,
    ResultKind,
    ResultStatus,
    TaskState,
)

US = load_policy("us")
UNNAMED = "TEST-A:unidentified:1"
NAMED = "TEST-A:NDM:1"
WARD = (
    stay("TEST-A", "2N", "2026-03-01 10:00", room="201"),
    stay("TEST-B", "2N", "2026-03-01 11:00", room="201"),
    specimen("S", "TEST-A", "2026-03-02 10:00", "urine"),
    isolate("I", "S"),
)


def active(reported, **more):
    found = {"kind": ResultKind.ACTIVITY, "method": "mcim", "found": Found.DETECTED, "isolate_id": "I"}
    return gene("R-mcim", "S", None, reported, **found | more)


def named(reported, **more):
    return gene("R-pcr", "S", "NDM", reported, isolate_id="I", **more)


ACTIVE, GENE = active("2026-03-04 10:00"), named("2026-03-06 10:00")
GENE_GONE = named("2026-03-08 10:00", status=ResultStatus.WITHDRAWN)
ACTIVITY_GONE = active("2026-03-09 10:00", status=ResultStatus.WITHDRAWN)
ACTED = (
    declared(DeclarationKind.CASE_CONFIRMED, "2026-03-05 09:00", case_id=UNNAMED),
    declared(DeclarationKind.CONTACTS_ACCEPTED, "2026-03-05 09:00", case_id=UNNAMED, contact_patient_id="TEST-B"),
    declared(DeclarationKind.INFECTION, "2026-03-05 09:00", case_id=UNNAMED),
)
ALL = (*WARD, ACTIVE, GENE, GENE_GONE, ACTIVITY_GONE, *ACTED)


def at(day):
    return analyze(view(f"2026-03-{day:02} 12:00", *ALL), US)


def cases(findings):
    return {c.case_id: c.status for c in findings.cases}


def fallen(findings):
    return [t for t in findings.tasks if t.state is TaskState.WITHDRAWN]


def test_it_is_one_case_that_takes_its_name_and_its_first_date_along():
    assert cases(at(5)) == {UNNAMED: CaseStatus.CONFIRMED}
    assert cases(at(7)) == {NAMED: CaseStatus.CONFIRMED}
    assert at(7).cases[0].first_positive == when("2026-03-02 10:00")


def test_what_was_declared_before_it_was_named_holds_after():
    (case,) = at(7).cases
    assert case.declared == "confirmed by infection control, 2026-03-05"
    assert case.infection_or_colonization is Disease.INFECTION
    (contact,) = [c for c in at(7).contacts if c.contact_patient_id == "TEST-B"]
    assert contact.accepted == "accepted by infection control, 2026-03-05"
    assert fallen(at(7)) == []


def test_when_the_name_is_taken_back_the_case_is_unnamed_again_and_the_name_stays_listed():
    assert cases(at(8)) == {UNNAMED: CaseStatus.CONFIRMED, NAMED: CaseStatus.WITHDRAWN}
    case = next(c for c in at(8).cases if c.case_id == UNNAMED)
    assert case.declared == "confirmed by infection control, 2026-03-05"
    assert fallen(at(8)) == []


def test_when_everything_is_taken_back_those_who_were_told_are_told():
    findings = at(10)
    assert cases(findings) == {UNNAMED: CaseStatus.WITHDRAWN, NAMED: CaseStatus.WITHDRAWN}
    assert {t.patient_id for t in fallen(findings)} == {"TEST-A", "TEST-B"}


def test_a_suspicion_that_was_ruled_out_stays_listed_and_what_was_done_about_it_is_withdrawn():
    letter = gene(
        "R-S", "S", None, "2026-03-04 10:00", kind=ResultKind.SUSCEPTIBILITY, found=None, isolate_id="I",
        antibiotic="meropenem", interpretation=Interpretation.R,
    )  # fmt: skip
    out = active("2026-03-06 10:00", found=Found.NOT_DETECTED)
    acted = declared(DeclarationKind.CASE_CONFIRMED, "2026-03-05 09:00", case_id=UNNAMED)
    before = analyze(view("2026-03-05 12:00", *WARD, letter, acted), US)
    after = analyze(view("2026-03-07 12:00", *WARD, letter, out, acted), US)
    assert cases(before) == {UNNAMED: CaseStatus.SUSPECT}
    assert cases(after) == {UNNAMED: CaseStatus.NOT_A_CPO}
    assert [t.task for t in fallen(after)] == [f"act on the case {UNNAMED}"]


def test_an_acquired_gene_counts_in_an_organism_that_is_resistant_by_nature():
    rows = (
        specimen("S", "TEST-A", "2026-03-02 10:00", "blood"),
        isolate("I", "S", "stenotrophomonas-maltophilia"),
        gene("R", "S", "NDM", "2026-03-04 10:00", isolate_id="I"),
    )
    assert cases(analyze(view("2026-03-05 12:00", *rows), US)) == {NAMED: CaseStatus.CONFIRMED}


def test_a_gene_of_an_isolate_that_is_not_on_record_is_no_gene_without_an_organism():
    rows = (specimen("S", "TEST-A", "2026-03-02 10:00"), gene("R", "S", "NDM", "2026-03-04 10:00", isolate_id="LOST"))
    assert cases(analyze(view("2026-03-05 12:00", *rows), load_policy("fr"))) == {NAMED: CaseStatus.CONFIRMED}


def test_two_isolates_of_one_specimen_are_weighed_apart():
    rows = (
        specimen("S", "TEST-A", "2026-03-02 10:00"),
        isolate("I", "S"),
        isolate("J", "S", "escherichia-coli"),
        gene("R1", "S", "KPC", "2026-03-04 10:00", isolate_id="I"),
        gene("R2", "S", None, "2026-03-04 10:00", kind=ResultKind.ACTIVITY, method="mcim", isolate_id="J"),
    )
    found = analyze(view("2026-03-05 12:00", *rows), US)
    assert {i.about: i.status for i in found.identifications} == {"I": CaseStatus.CONFIRMED, "J": CaseStatus.NOT_A_CPO}
    assert cases(found) == {"TEST-A:KPC:1": CaseStatus.CONFIRMED}

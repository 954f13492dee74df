"""Faults found in a second review, each kept as an example."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import admission, at, declared, facility, gene, linked, specimen, stay

from ringfence.assess import Precautions
from ringfence.chain import analyze, checks
from ringfence.policy import load_policy
from ringfence.record import CaseStatus, DeclarationKind, EnzymeCode, Fact, Found, LinkAction, ResultStatus, View, acts
from ringfence.report import sentences_of

NL = load_policy("nl")
BY = {"by": "infection control"}


def facts(*rows, system="", **said):
    tables = {
        "Encounter": "encounters",
        "Stay": "stays",
        "Specimen": "specimens",
        "Result": "results",
        "Declaration": "declarations",
        "IdentityLink": "identity_links",
    }
    return [Fact(table=tables[type(row).__name__], row=row, system=system, message="m", **said) for row in rows]


SITE = Fact(table="facilities", row=facility(), message="m")
HERE = facts(admission("TEST-A", "2026-05-01 10:00"), stay("TEST-A", "2N", "2026-05-01 10:00", room="201"))
KPC = facts(specimen("SP1", "TEST-A", "2026-05-01 11:00"), gene("R1", "SP1", "KPC", "2026-05-02 10:00"))
STOPPED = facts(declared(DeclarationKind.PRECAUTIONS_ENDED, "2026-05-03 12:00", patient_id="TEST-A", facility_id="Elm"))


def seen(*some, as_of="2026-05-09 10:00"):
    return View.of_facts([SITE, *some], at=at(as_of), known_to=len(some))


def found(*some, as_of="2026-05-09 10:00"):
    return analyze(seen(*some, as_of=as_of), NL)


def cases(findings):
    return {(case.patient_id, case.carbapenemases, case.status) for case in findings.cases}


def told(findings, what):
    return [check.about for check in checks(findings, ()) if check.what == what]


class TestAStopOfPrecautions:
    def test_it_holds_for_what_was_known_then(self):
        findings = found(*HERE, *KPC, *STOPPED)
        assert findings.precautions["TEST-A"].status is Precautions.STOPPED
        said = " ".join(sentences_of(findings, ()))
        assert "all with contact precautions" not in said
        assert "a professional stopped the precautions" in said

    def test_a_positive_recorded_after_it_reopens_it_also_without_a_time_of_report(self):
        later = facts(specimen("SP2", "TEST-A", "2026-05-02 10:00"))
        later += facts(gene("R2", "SP2", "NDM"), recorded=at("2026-05-05 09:00"))
        findings = found(*HERE, *KPC, *STOPPED, *later)
        assert findings.precautions["TEST-A"].status is Precautions.RECOMMENDED

    @pytest.mark.parametrize("said", [{"recorded": at("2026-05-06 09:00")}, {"sent": at("2026-05-06 09:00")}])
    def test_a_positive_specimen_given_to_the_patient_after_it_reopens_it(self, said):
        other = specimen("SP3", "TEST-Z", "2026-05-01 12:00")
        moved = facts(other, sent=at("2026-05-02 12:00")) + facts(gene("R3", "SP3", "VIM", "2026-05-02 10:00"))
        moved += facts(replace(other, patient_id="TEST-A"), **said)
        findings = found(*HERE, *KPC, *STOPPED, *moved)
        assert findings.precautions["TEST-A"].status is Precautions.RECOMMENDED

    def test_the_same_positive_sent_again_does_not_reopen_it(self):
        again = [replace(fact, recorded=at("2026-05-07 09:00"), message="again") for fact in KPC]
        findings = found(*HERE, *KPC, *STOPPED, *again)
        assert findings.precautions["TEST-A"].status is Precautions.STOPPED


class TestOneNumberOfSeveralSystems:
    SWAB = facts(specimen("17", "TEST-A", "2026-05-01 11:00"), system="lis")
    RESULT = facts(gene("R1", "17", "KPC", "2026-05-02 10:00"), system="micro")
    OTHER = facts(specimen("17", "TEST-Z", "2026-05-01 11:00"), system="ref")

    def test_a_result_that_could_be_of_either_is_of_neither_and_is_never_called_not_detected(self):
        assert cases(found(*self.SWAB, *self.RESULT)) == {("TEST-A", "KPC", CaseStatus.PROBABLE)}
        findings = found(*self.SWAB, *self.RESULT, *self.OTHER)
        assert cases(findings) == set()
        assert "UNKNOWN who" in " ".join(sentences_of(findings, ()))
        assert "UNKNOWN who" in findings.notes["cases"]
        (waits,) = (check for check in checks(findings, ()) if check.what == "waits for specimens")
        assert waits.about == "results:R1"
        assert "one `system`" in waits.says

    def test_a_decision_about_a_visit_stays_with_it_when_another_system_uses_its_number(self):
        visit = facts(admission("TEST-A", "2026-05-01 10:00", encounter_id="E1"), system="adt")
        no_screen = acts.declare(
            seen(*visit), DeclarationKind.DO_NOT_SCREEN, encounter_id="E1", at=at("2026-05-02 10:00"), **BY
        )
        chair = facts(admission("TEST-Z", "2026-05-01 10:00", encounter_id="E1"), system="dialysis")
        alone, both = found(*visit, *no_screen), found(*visit, *no_screen, *chair)
        assert alone.ledger[0].at_risk == "NO"
        assert {line.patient_id: line.at_risk for line in both.ledger} == {"TEST-A": "NO", "TEST-Z": "UNKNOWN"}


class TestWhatLiesAheadOrWaits:
    def test_a_positive_of_a_specimen_dated_ahead_is_listed_and_never_called_not_detected(self):
        some = facts(
            specimen("SP1", "TEST-A", "2062-05-01 11:00"),
            gene("R1", "SP1", "KPC", "2026-05-02 10:00"),
            received=at("2026-05-03 10:00"),
        )
        findings = found(*HERE, *some)
        assert told(findings, "dated in the future") == ["specimens:SP1"]
        assert "UNKNOWN who" in " ".join(sentences_of(findings, ()))
        corrected = facts(
            specimen("SP1", "TEST-A", "2026-05-01 11:00"),
            recorded=at("2026-05-04 10:00"),
            received=at("2026-05-04 11:00"),
        )
        after = found(*HERE, *some, *corrected)
        assert told(after, "dated in the future") == []
        assert cases(after) == {("TEST-A", "KPC", CaseStatus.PROBABLE)}

    def test_a_result_without_a_time_whose_specimen_never_came_is_listed(self):
        findings = found(*HERE, *facts(specimen("SP0", "TEST-A", "2026-05-01"), gene("R1", "SP1", "KPC")))
        assert told(findings, "waits for specimens") == ["results:R1"]
        assert "UNKNOWN who" in findings.notes["cases"]


class TestRetractions:
    NOON = at("2026-05-04 12:00")

    def retracted(self, *some, about):
        return acts.retract(seen(*some, as_of="2026-05-04 13:00"), about, at=self.NOON, **BY)

    def test_a_correction_of_the_rejection_alone_counts_when_it_was_recorded_later(self):
        swab = specimen("SP1", "TEST-A", "2026-05-01 11:00")
        rejected = facts(replace(swab, rejected=swab.collected))
        taken = self.retracted(*rejected, about="specimens:SP1")
        right = facts(swab, recorded=at("2026-05-05 09:00")) + facts(gene("R1", "SP1", "KPC", "2026-05-05 10:00"))
        findings = found(*HERE, *rejected, *taken, *right)
        assert cases(findings) == {("TEST-A", "KPC", CaseStatus.PROBABLE)}
        assert told(findings, "retracted, and sent again") == ["specimens:SP1"]

    def test_an_end_that_came_without_a_later_recorded_leaves_it_retracted(self):
        bed = stay("TEST-A", "2N", "2026-05-01 10:00", stay_id="S1")
        taken = self.retracted(*facts(bed), about="stays:S1")
        ended = facts(replace(bed, end=admission("X", "2026-05-05 10:00").start), sent=at("2026-05-05 11:00"))
        assert seen(*facts(bed), *taken, *ended).stays == ()

    def test_the_same_recorded_again_stays_retracted_and_is_asked_about(self):
        taken = self.retracted(*HERE, *KPC, about="results:R1")
        again = [replace(KPC[1], recorded=at("2026-05-06 09:00"), message="again")]
        findings = found(*HERE, *KPC, *taken, *again)
        assert cases(findings) == {("TEST-A", "KPC", CaseStatus.WITHDRAWN)}
        assert told(findings, "retracted, and sent again") == ["results:R1"]
        assert [t.patient_id for t in findings.tasks if "retraction still holds" in t.task] == ["TEST-A"]

    def test_a_decoding_that_says_more_counts_and_is_asked_about(self):
        taken = self.retracted(*HERE, *KPC, about="results:R1")
        more = [replace(KPC[1], row=replace(KPC[1].row, method="pcr"), generation=2, message="m2")]
        findings = found(*HERE, *KPC, *taken, *more)
        assert told(findings, "retracted, and sent again") == ["results:R1"]
        assert any("retraction still holds" in task.task for task in findings.tasks)


def test_a_positive_that_was_reported_is_withdrawn_and_not_erased_by_the_report_before_it_again():
    negative = replace(gene("R1", "SP1", "KPC"), found=Found.NOT_DETECTED)
    some = facts(specimen("SP1", "TEST-A", "2026-05-01 11:00"))
    for row, recorded in ((negative, "05-02"), (gene("R1", "SP1", "KPC"), "05-03"), (negative, "05-04")):
        some += facts(row, recorded=at(f"2026-{recorded} 10:00"))
    assert cases(found(*some)) == {("TEST-A", "KPC", CaseStatus.WITHDRAWN)}


def test_the_order_of_arrival_does_not_show_in_the_reasons_of_a_withdrawn_case():
    swab = specimen("SP1", "TEST-A", "2026-05-01 11:00")
    some = facts(swab)
    for number in (1, 5):
        before = gene(f"R{number}", "SP1", "NDM", "2026-05-02 10:00")
        before = replace(before, analyte=EnzymeCode(f"NDM-{number}"))
        later = before.reported.at + timedelta(hours=5)
        some += facts(
            before, replace(before, status=ResultStatus.WITHDRAWN, reported=replace(before.reported, at=later))
        )
    some += facts(replace(swab, patient_id="TEST-B"), recorded=at("2026-05-05 10:00"))
    orders = (some, some[::-1], some[3:] + some[:3])
    assert len({tuple(case.reasons for case in found(*order).cases) for order in orders}) == 1


def test_a_merge_is_not_undone_by_its_number_but_unlinked():
    link = linked("TEST-A", "TEST-B", "2026-05-02 10:00")
    view = seen(*facts(link))
    with pytest.raises(acts.ActError, match="unlink the two numbers"):
        acts.undo(view, link.link_id, at=at("2026-05-03 10:00"), **BY)
    assert link.action is LinkAction.LINK

"""What changed and because of which fact; and how many contacts rest on what was repaired."""

from datetime import UTC, datetime

from builders import admission, at, facility, gene, specimen, stay

from ringfence.chain import Rest, analyze, changes_between, checks
from ringfence.policy import load_policy
from ringfence.record import TABLES, Commit, Doubtfulness, Fact, Happened, ResultStatus, View

NL = load_policy("nl")
BY_CLASS = {table.row: name for name, table in TABLES.items()}


def facts(*rows):
    some = [facility(), *rows]
    return [Fact(table=BY_CLASS[type(row)], row=row, source=f"x.csv:{n}", seq=n) for n, row in enumerate(some, start=1)]


def found(some, when):
    return analyze(View.of_facts(some, at=at(when), known_to=len(some)), NL)


WARD = (
    admission("TEST-A", "2026-03-01 10:00"),
    stay("TEST-A", "2N", "2026-03-01 10:00", room="201"),
    stay("TEST-B", "2N", "2026-03-01 12:00", "2026-03-04 12:00", room="201"),
    stay("TEST-C", "3W", "2026-03-01 12:00", "2026-03-04 12:00", room="301"),
    specimen("SP1", "TEST-A", "2026-03-02 10:00"),
    gene("R1", "SP1", "KPC", "2026-03-03 10:00"),
)


class TestChanges:
    def between(self, rows, more, first="2026-03-06 10:00", then="2026-03-06 10:00"):
        some = facts(*rows, *more)
        known = len(rows) + 1
        return changes_between(found(some[:known], first), found(some, then), some[known:])

    def test_a_withdrawn_result_changes_the_case_and_takes_its_contact(self):
        gone = gene("R1", "SP1", "KPC", "2026-03-05 10:00", status=ResultStatus.WITHDRAWN)
        changes = self.between(WARD, [gone]).changes
        case = next(c for c in changes if c.finding == "cases")
        assert (case.happened, case.because) == (Happened.CHANGED, "results:R1 (x.csv:8, seq 8)")
        contact = next(c for c in changes if c.finding == "contacts")
        assert (contact.patient_id, contact.happened) == ("TEST-B", Happened.GONE)
        assert "results:R1" in contact.because

    def test_news_of_somebody_else_is_no_reason(self):
        news = [
            gene("R1", "SP1", "KPC", "2026-03-05 10:00", status=ResultStatus.WITHDRAWN),
            stay("TEST-C", "4S", "2026-03-04 12:00", room="401"),
        ]
        changes = self.between(WARD, news).changes
        assert not any("stays:TEST-C" in change.because for change in changes if change.patient_id != "TEST-C")

    def test_what_time_alone_changed_says_so(self):
        changes = self.between(WARD[:2], [], "2026-03-06 10:00", "2026-03-06 10:00").changes
        assert changes == ()
        rows = [*WARD[:1], stay("TEST-A", "2N", "2026-03-01 10:00", "2026-03-07 10:00")]
        later = self.between(rows, [], "2026-02-28 10:00", "2026-03-08 10:00").changes
        assert later
        assert all(change.because.startswith("time passed, from 2026-02-28T10:00") for change in later)

    def test_longer_together_is_counted_and_not_listed(self):
        rows = [*WARD, stay("TEST-D", "2N", "2026-03-01 12:00", room="201")]
        told = self.between(rows, [], "2026-03-06 10:00", "2026-03-06 18:00")
        assert told.longer == 1
        assert not any(change.finding == "contacts" for change in told.changes)


class TestChecks:
    def test_contacts_on_an_open_stay_are_counted_for_its_repair(self):
        # B's stay has no end and ends where the next begins; C's is whole.
        rows = [
            *WARD[:2],
            stay("TEST-B", "2N", "2026-03-01 12:00", room="201"),
            stay("TEST-B", "4S", "2026-03-04 12:00", "2026-03-05 12:00", room="401"),
            stay("TEST-C", "2N", "2026-03-01 12:00", "2026-03-04 12:00", room="201"),
            *WARD[4:],
        ]
        findings = found(facts(*rows), "2026-03-06 10:00")
        assert (Rest(findings).contacts, len(findings.contacts)) == (1, 2)
        assert {name: len(some) for name, some in Rest(findings).on_repairs.items()} == {"open": 1}
        repaired = [c for c in checks(findings, []) if c.kind is Doubtfulness.REPAIRED]
        assert [(c.what, c.about, c.where, c.contacts) for c in repaired] == [
            ("open", "stays:TEST-B/2N/201/2026-03-01 12:00", "x.csv:4", 1)
        ]

    def test_a_later_fact_undoes_the_repair(self):
        whole = found(facts(*WARD), "2026-03-06 10:00")
        assert [c for c in checks(whole, []) if c.kind is Doubtfulness.REPAIRED] == []
        assert Rest(whole).contacts == 0

    def test_a_result_without_its_specimen_waits_and_so_does_what_contradicts_say_so(self):
        rows = [*WARD, gene("R2", "SP9", "NDM", "2026-03-05 10:00"), gene("R1", "SP1", "NDM", "2026-03-03 10:00")]
        found_checks = checks(found(facts(*rows), "2026-03-06 10:00"), [])
        waiting = [c for c in found_checks if c.kind is Doubtfulness.WAITING]
        assert [(c.what, c.about) for c in waiting] == [("waits for specimens", "results:R2")]
        doubtful = [c for c in found_checks if c.what == "contradiction"]
        assert [(c.about, c.where) for c in doubtful] == [("results:R1", "x.csv:7; x.csv:9")]

    def test_a_stay_that_names_the_visit_of_another_patient_is_doubtful(self):
        rows = [*WARD, stay("TEST-B", "4S", "2026-03-04 12:00", "2026-03-05 12:00", encounter_id=WARD[0].encounter_id)]
        kinds = {c.what for c in checks(found(facts(*rows), "2026-03-06 10:00"), [])}
        assert "other visit" in kinds

    def test_a_clock_that_ran_backwards_and_refused_rows_are_told_from_the_commits(self):
        problem = {
            "file": "stays.csv",
            "line": "7",
            "column": "start",
            "problem": "There is no such date.",
            "remedy": "Write it as YYYY-MM-DD.",
            "effect": "refused",
        }
        times = {"received": datetime(2026, 3, 6, 12, tzinfo=UTC), "clock": datetime(2026, 3, 6, 9, tzinfo=UTC)}
        commit = Commit(first=1, last=7, facts={}, repeated=0, problems=(problem,), inputs={}, note="", **times)
        told = checks(found(facts(*WARD), "2026-03-06 10:00"), [commit])
        refused = next(c for c in told if c.kind is Doubtfulness.REFUSED)
        assert (refused.where, refused.says) == ("stays.csv:7", "There is no such date. Write it as YYYY-MM-DD.")
        assert any(c.what == "the clock" for c in told)

    def test_damage_comes_first(self):
        told = checks(found(facts(*WARD), "2026-03-06 10:00"), [], ["a.arrow: its bytes are not those written."])
        assert told[0].kind is Doubtfulness.DAMAGED

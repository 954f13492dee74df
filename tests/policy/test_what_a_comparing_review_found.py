"""`policy diff`, `compare` and `check`, as a second reader found them wanting."""

import shutil

import pytest

from ringfence.cli import main
from ringfence.policy import describe_differences, differences, load_policy


@pytest.fixture
def copy_of(tmp_path):
    """Return a way to copy a shipped policy with one text in the place of another."""

    def copied(name, *changes):
        source = load_policy(name).path
        text = source.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / source.name
        path.write_text(text, encoding="utf-8")
        shutil.copy(source.with_suffix(".cases.yaml"), tmp_path)
        return path

    return copied


def said(capsys, *argv):
    status = main(list(argv))
    return status, capsys.readouterr().out


def test_two_questions_left_open_are_not_the_same_because_nothing_is_said_of_either():
    found = {d.clause: d for d in differences(load_policy("gb"), load_policy("gb-sct"))}
    assert found["gb-adm-7"].one is not None
    assert found["gb-adm-7"].one.startswith(
        "Were you in a hospital of the United Kingdom that has cases? Not specified"
    )
    assert not [name for name in found if "gb-adm-7 /" in name]
    assert not [name for name in found if "gb-adm-5" in name]  # both ask for the kind of unit, and leave it open


def test_a_clause_in_force_is_set_beside_a_clause_in_force():
    names = [d.clause for d in differences(load_policy("ca-bc"), load_policy("ecdc"))]
    assert "ca-bc-adm-1 / ecdc-adm-1" in names
    assert "ca-bc-adm-1-2014" in names


def test_the_same_rule_with_another_mark_differs():
    found = {d.clause: d for d in differences(load_policy("gb"), load_policy("gb-sct"))}
    both = found["gb-con-1 / gb-sct-con-1"]
    assert both.one is not None
    assert both.other is not None
    assert both.one.partition(" Unverified")[0] == both.other.partition(" Secondary")[0]


def test_what_stands_above_the_clauses_is_compared_too(copy_of):
    nl = load_policy("nl")
    other = load_policy(str(copy_of("nl", (f"version: {nl.file.version}", "version: made-up-2"))))
    told = describe_differences(nl, other)
    assert "version made-up-2" in told
    between = describe_differences(nl, load_policy("gb-sct"))
    assert f"nl:     {nl.file.known_carriers}" in between
    assert "- Jurisdiction" in between


def test_no_two_sides_of_a_difference_are_word_for_word_the_same(copy_of):
    nl = load_policy("nl")
    other = load_policy(str(copy_of("nl", ("asks: In the last 2 months,", "asks: Made up,"))))
    (found,) = differences(nl, other)
    assert found.one != found.other
    assert found.one is not None
    assert found.one.startswith("asks: ")
    every = [load_policy(name) for name in ("nl", "ecdc", "gb", "gb-sct", "us", "fr", "ca-bc", "ca-on")]
    for one in every:
        for two in every:
            assert all(d.one != d.other for d in differences(one, two)), (one.id, two.id)


def test_rows_that_were_refused_are_told_where_two_policies_are_compared(tmp_path, capsys):
    folder = tmp_path / "hospital"
    shutil.copytree("examples/small-hospital", folder)
    answers = folder / "answers.csv"
    lines = answers.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("yes", "yess").replace(",no", ",noo").replace("unknown", "unknownn")
    answers.write_text("\n".join(lines) + "\n", encoding="utf-8")
    status, told = said(capsys, "policy", "compare", str(folder), "nl", "ecdc")
    assert status == 0
    assert "Rows refused: 1." in told


def test_an_unknown_on_one_side_is_not_told_as_a_no(capsys):
    _, told = said(capsys, "policy", "compare", "examples/small-hospital", "nl", "gb-sct")
    after = told.partition("YES -> UNKNOWN")[2].splitlines()[1].strip()
    assert after.startswith("nl: ")
    assert "gb-sct: " in after
    assert "only nl asks" not in after


def test_two_versions_of_one_policy_are_called_before_and_now(copy_of, tmp_path, capsys):
    path = copy_of("nl", (load_policy("nl").file.title, "Made-up other version"))
    out = tmp_path / "changed.csv"
    status, told = said(
        capsys, "policy", "compare", "examples/small-hospital", "nl", str(path), "--out", str(out)
    )  # fmt: skip
    assert status == 0
    assert "from before to now" in told
    assert out.read_text(encoding="utf-8").startswith(
        "patient_id,encounter_id,before,now,clauses_before,clauses_now,why"
    )


def test_a_folder_that_is_not_there_is_told_before_anything_is_compared(tmp_path, capsys):
    out = tmp_path / "nowhere" / "changed.csv"
    assert main(["policy", "compare", "examples/small-hospital", "nl", "ecdc", "--out", str(out)]) == 2
    told = capsys.readouterr()
    assert f"--out: there is no folder {out.parent}." in told.err
    assert told.out == ""


def test_check_names_a_source_that_nothing_rests_on(copy_of, capsys):
    path = copy_of("nl", ("sources:\n", "sources:\n  MADEUP1:\n    title: Made up\n    where: nowhere\n"))
    status, told = said(capsys, "policy", "check", str(path))
    assert status == 1
    assert "No clause names the source MADEUP1." in told


def test_check_names_a_clause_that_a_case_expects_and_the_policy_does_not_have(copy_of, capsys):
    path = copy_of("nl", ("id: nl-adm-1\n", "id: nl-adm-made-up\n"))
    status, told = said(capsys, "policy", "check", str(path))
    assert status == 1
    assert "there is no clause nl-adm-1" in told
    assert "decided by ;" not in told


def test_check_says_of_a_day_of_reading_that_it_is_yet_to_come(copy_of, capsys):
    text = load_policy("nl").path.read_text(encoding="utf-8")
    first = text.partition("checked_on: ")[2].splitlines()[0]
    _, told = said(capsys, "policy", "check", str(copy_of("nl", (f"checked_on: {first}", "checked_on: 2999-01-01"))))
    assert "says it was read on 2999-01-01, which is yet to come." in told

"""YAML documents that people write: nothing is guessed, and each complaint names file and line."""

import pytest

from ringfence.vocabulary import DocumentError, Strict, parse_document, read_document


class Rule(Strict):
    """A made-up model."""

    model_config = {"title": "a rule"}

    id: str
    look_back: str
    country: str | None = None


class Rules(Strict):
    """A made-up file."""

    model_config = {"title": "a file of rules"}

    title: str
    rules: tuple[Rule, ...] = ()
    sources: dict[str, Rule] = {}


def complaints(text, model=None):
    with pytest.raises(DocumentError) as wrong:
        parse_document(text, name="rules.yaml").into(model or Rules)
    return wrong.value.complaints


def test_every_scalar_stays_the_text_that_was_written():
    text = "a: NO\nb: 012\nc: yes\nd: 1e3\ne: 2026-03-15\nf: 0x1F\ng: 1_000\nh: .5\ni: on\nj: 12:30\n"
    assert parse_document(text, name="x").data == {
        "a": "NO",
        "b": "012",
        "c": "yes",
        "d": "1e3",
        "e": "2026-03-15",
        "f": "0x1F",
        "g": "1_000",
        "h": ".5",
        "i": "on",
        "j": "12:30",
    }


def test_keys_stay_text_too():
    assert parse_document("NO: a\n012: b\n", name="x").data == {"NO": "a", "012": "b"}


def test_nothing_after_a_key_is_none_and_quotes_make_it_an_empty_text():
    assert parse_document("a:\nb: ''\nc: 'null'\n", name="x").data == {"a": None, "b": "", "c": "null"}


def test_lists_and_nested_keys_know_their_lines():
    document = parse_document("title: t\nrules:\n  - id: a\n    look_back: b\n  - id: c\n    look_back: d\n", name="x")
    assert document.line(("rules", 1, "look_back")) == 6
    assert document.line(("rules", 1, "nothing of the kind")) == 5
    assert document.into(Rules).rules[1].look_back == "d"


def test_a_key_given_twice_is_refused_with_file_and_line():
    (told,) = complaints("title: a\nrules: []\ntitle: b\n")
    assert told.startswith("rules.yaml:3:")
    assert "`title`" in told
    assert "twice" in told


def test_a_key_given_twice_is_refused_with_both_lines():
    (told,) = complaints("title: a\nrules: []\ntitle: b\n")
    lines = told.replace("rules.yaml:3", "line 3")
    assert "3" in lines
    assert "1" in lines


def test_each_key_given_twice_at_any_depth_has_its_own_complaint():
    told = complaints("title: a\ntitle: b\nrules:\n  - {id: x, id: y, look_back: z}\n")
    assert [one.split(":")[1] for one in told] == ["2", "4"]


def test_an_unknown_key_names_what_there_is_and_the_nearest():
    (told,) = complaints("title: a\nrules:\n  - id: x\n    look_back: y\n    look_bak: y\n")
    assert told.startswith("rules.yaml:5: `look_bak` is not a key of a rule.")
    assert "It has: id, look_back, country." in told
    assert "Did you mean `look_back`?" in told


def test_an_unknown_key_in_a_mapping_of_names_is_told_of_the_model_beneath():
    (told,) = complaints("title: a\nsources:\n  NL2:\n    id: x\n    look_back: y\n    countri: z\n")
    assert told.startswith("rules.yaml:6: `countri` is not a key of a rule.")
    assert "Did you mean `country`?" in told


def test_a_missing_key_is_named_with_the_line_of_its_owner():
    (told,) = complaints("title: a\nrules:\n  - id: x\n    look_back: y\n  - id: z\n")
    assert told == "rules.yaml:5: a rule needs the key `look_back`."


def test_all_the_complaints_of_a_file_come_together_in_the_order_of_its_lines():
    told = complaints("rules:\n  - id: x\n    lookback: y\n  - look_back: y\nnonsense: 1\n")
    assert [one.split(":")[1] for one in told] == sorted(one.split(":")[1] for one in told)
    assert len(told) == 5  # title, look_back and id are missing; lookback and nonsense are unknown
    assert sum("nonsense" in one for one in told) == 1


def test_a_text_where_a_list_belongs_is_refused_with_its_line():
    (told,) = complaints("title: a\nrules: none\n")
    assert told.startswith("rules.yaml:2:")
    assert "rules" in told


def test_a_document_that_is_no_mapping_is_refused():
    (told,) = complaints("- a\n- b\n")
    assert told.startswith("rules.yaml:1:")


def test_what_is_not_yaml_is_refused_with_file_and_line():
    (told,) = complaints("title: a\nrules: [a, b\n")
    assert told.startswith(("rules.yaml:2:", "rules.yaml:3:"))
    assert "not YAML" in told


@pytest.mark.parametrize("text", ["title: a\n---\ntitle: b\n", "title: *nowhere\n", "title: a\n\tb: c\n"])
def test_two_documents_a_name_never_given_or_a_tab_are_refused_with_file_and_line(text):
    (told,) = complaints(text)
    assert told.startswith("rules.yaml:")
    assert told.split(":")[1].isdigit()


def test_a_control_character_is_refused_with_file_and_line():
    (told,) = complaints("title: a\nrules: []\nsources: \x07\n")
    assert told.startswith("rules.yaml:3:")


def test_an_alias_to_itself_is_refused_with_file_and_line():
    (told,) = complaints("title: a\nrules: &r [*r]\n")
    assert told.startswith("rules.yaml:2:")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_is_refused_as_empty(text):
    (told,) = complaints(text)
    assert told.startswith("rules.yaml")
    assert "empty" in told


def test_a_file_that_is_not_there_is_refused_by_its_name(tmp_path):
    with pytest.raises(DocumentError, match=r"nowhere\.yaml: there is no such file"):
        read_document(tmp_path / "nowhere.yaml")


def test_a_file_that_is_not_utf8_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("title: a\nrules: []\n# caf\u00e9\n".encode("latin-1"))
    with pytest.raises(DocumentError) as wrong:
        read_document(path, name="latin.yaml")
    assert "latin.yaml" in str(wrong.value)
    assert "Save it as UTF-8" in str(wrong.value)


def test_a_file_that_is_not_utf8_is_refused_with_the_line(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("title: a\nrules: []\n# caf\u00e9\n".encode("latin-1"))
    with pytest.raises(DocumentError, match=r"^latin\.yaml:3:"):
        read_document(path, name="latin.yaml")


def test_a_utf8_file_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbftitle: a\n")
    assert read_document(path).into(Rules).title == "a"


def test_a_read_document_is_called_what_its_reader_calls_it(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("titel: a\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"^policies/x\.yaml:1:"):
        read_document(path, name="policies/x.yaml").into(Rules)

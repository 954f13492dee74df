"""The command line of `ringfence record`."""

from argparse import ArgumentParser, _SubParsersAction

# Written out, so that help loads nothing heavy; a test holds it against `DeclarationKind`.
DECLARED = (
    "outbreak-open", "outbreak-closed", "case-confirmed", "case-not-confirmed", "contacts-accepted", "screen",
    "do-not-screen", "infection", "colonization", "acquired-here", "acquired-in-other-care", "acquired-outside-care",
    "precautions-ended", "told", "done",
)  # fmt: skip
"""What `record declare` takes: every kind but those that `retract` and `undo` declare."""
ABOUT = {
    "case": "as cases.csv names it",
    "contact": "a contact's number; without it, every contact of the case",
    "patient": "a patient's number",
    "encounter": "a visit's number",
    "facility": "a site",
    "ward": "a ward",
    "about": "a fact (results:R-17-1), or a task as tasks.csv names it",
    "organism": "an organism",
    "carbapenemase": "a carbapenemase",
}
"""What a declaration can be about, by option."""

_KNOWN = "a seq, or an instant of receipt"


def add_record(subs: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `record` and its acts."""
    record = subs.add_parser("record", help="a record that grows day by day, keeps every version, and can be asked")
    acts = record.add_subparsers(dest="act", metavar="ACT", required=True)
    _reading(acts)
    _acting(acts)


def _act(acts: "_SubParsersAction[ArgumentParser]", name: str, what: str) -> ArgumentParser:
    one = acts.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    one.add_argument("record", metavar="RECORD", help="the folder of the record")
    return one


def _reading(acts: "_SubParsersAction[ArgumentParser]") -> None:
    add = acts.add_parser("add", help="add the files of a folder, in any order, any number of times")
    add.add_argument("folder", metavar="FOLDER", help="a folder of .csv or .parquet files")
    add.add_argument("--to", required=True, metavar="RECORD", help="the record; made if it is not there")
    add.add_argument("--mapping", metavar="NAME|FILE", help="how the files become our tables; none for our own form")
    add.add_argument("--exported", metavar="INSTANT", help="when the files were exported; default: their latest moment")
    _act(acts, "log", "every commit: when it came, what it brought, and the seq up to which it reaches")
    changes = _act(acts, "changes", "which answers changed, and which facts changed each")
    changes.add_argument("--since", required=True, metavar="KNOWN", help=f"{_KNOWN}; or `last`: before the last commit")
    changes.add_argument("--until", metavar="KNOWN", help=f"{_KNOWN}; default: now")
    check = _act(acts, "check", "what is repaired, doubtful, waiting or refused, and what rests on it")
    check.add_argument("--known", metavar="KNOWN", help=f"what the record held then: {_KNOWN}")
    for one in (changes, check):
        one.add_argument("--as-of", metavar="INSTANT", help="default: the latest moment of what was known")
        one.add_argument("--policy", metavar="ID", help="default: the policy in force on record")
        one.add_argument("--out", metavar="FILE", help="write every line to this .csv file")


def _acting(acts: "_SubParsersAction[ArgumentParser]") -> None:
    merge = _act(acts, "merge", "two numbers are one patient")
    unlink = _act(acts, "unlink", "they are not: take a merge back")
    for one in (merge, unlink):
        one.add_argument("numbers", nargs=2, metavar="NUMBER")
    retract = _act(acts, "retract", "take a row back; its versions stay in the record")
    retract.add_argument("about", metavar="TABLE:KEY", help="for example results:R-17-1")
    declare = _act(acts, "declare", "what a professional decided")
    declare.add_argument("kind", metavar="KIND", help=", ".join(DECLARED))
    for name, what in ABOUT.items():
        declare.add_argument(f"--{name}", metavar=name.upper(), help=what)
    declare.add_argument("--policy", metavar="ID", help="whose contacts `contacts-accepted` of a whole case are")
    undo = _act(acts, "undo", "undo declarations and retractions")
    undo.add_argument("declarations", nargs="*", metavar="DECLARATION", help="their numbers, as `log` gives them")
    undo.add_argument("--commit", metavar="SEQ", help="everything declared in one commit, as `log` numbers it")
    for one in (merge, unlink, retract, declare, undo):
        one.add_argument("--by", default="", metavar="ROLE", help="who decides it: a role, not a name")
        one.add_argument("--why", metavar="TEXT", help="why")
        one.add_argument("--at", metavar="INSTANT", help="when it was decided; default: now")

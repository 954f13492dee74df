"""The command line: what can be asked, in words."""

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter, _SubParsersAction
from importlib.metadata import version

from .record_arguments import add_record

_ABOUT = """Find, flag and contain carbapenemase-producing organisms (CPO).

Start:  ringfence demo --out out/demo
Then:   ringfence tables
        ringfence analyze FOLDER --policy nl --out OUT
"""

_Subs = "_SubParsersAction[ArgumentParser]"


def parser() -> ArgumentParser:
    """Return the parser of `ringfence`."""
    top = ArgumentParser("ringfence", description=_ABOUT, formatter_class=RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"ringfence {version('ringfence')}")
    subs = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _map(subs)
    _analyze(subs)
    _trace(subs)
    add_record(subs)
    _others(subs)
    return top


def _map(subs: "_SubParsersAction[ArgumentParser]") -> None:
    one = subs.add_parser("map", help="looks at files of any form, and proposes how they are read")
    one.add_argument("folder", metavar="FOLDER", help="a folder of files as they were sent")
    one.add_argument("--facility", metavar="NAME", help="a short name of the hospital, if the files name none")
    one.add_argument("--zone", metavar="ZONE", help="its time zone, such as Europe/Amsterdam")
    one.add_argument("--out", metavar="FILE", help="the mapping to write; default: the name of the folder, .yaml")


def _analyze(subs: "_SubParsersAction[ArgumentParser]") -> None:
    one = subs.add_parser("analyze", help="a folder of files to findings and a report")
    _findings(one)
    report = subs.add_parser("report", help="the same, of a period, frozen as it is submitted, and in other forms")
    _findings(report)
    period = "2026, 2026Q2, 2026-05, FY2026Q2, or two days: 2026-04-01..2026-06-30; default: all that the data cover"
    report.add_argument("--period", metavar="PERIOD", help=period)
    fewest = "leave out figures behind which there are fewer people or events than so many"
    report.add_argument("--fewest", type=int, default=0, metavar="N", help=fewest)
    report.add_argument("--freeze", action="store_true", help="keep a copy in the record as it is submitted")
    forms = ["pdf", "xlsx", "parquet"]
    report.add_argument("--also", nargs="+", choices=forms, default=[], metavar="FORM", help="pdf, xlsx, parquet")
    demo = subs.add_parser("demo", help="analyze the bundled made-up hospital")
    demo.add_argument("--out", default="out/demo", metavar="OUT", help="the folder to write into")


def _findings(one: ArgumentParser) -> None:
    _input(one)
    one.add_argument("--policy", required=True, metavar="ID", help="a policy's id (ringfence policy list) or file")
    one.add_argument("--out", required=True, metavar="OUT", help="the folder to write into")
    strict = "end with 1 if any row or file could not be used; everything is written all the same"
    one.add_argument("--strict", action="store_true", help=strict)
    one.add_argument("--language", default="en", metavar="CODE", help="of report.html and report.pdf: en or fr")


def _trace(subs: "_SubParsersAction[ArgumentParser]") -> None:
    one = subs.add_parser(
        "trace", help="who shared a bed, room, bathroom, ward or facility with whom, and who came after"
    )
    _input(one)
    asked = one.add_mutually_exclusive_group(required=True)
    asked.add_argument("--case", metavar="ID", help="the meetings of one case: its number, or that of its patient")
    asked.add_argument("--all", action="store_true", help="the contacts of every case, one row for each two")
    asked.add_argument("--pairs", action="store_true", help="every pair of patients")
    asked.add_argument("--pressure", action="store_true", help="known carriers around each patient on each day")
    asked.add_argument(
        "--path", nargs=2, metavar=("A", "B"), help="the way from one patient to another, forward in time"
    )
    asked.add_argument(
        "--compare", nargs=2, metavar=("ONE", "OTHER"), help="who enters and leaves under another policy"
    )
    levels = ["bed", "room", "bathroom", "ward", "facility"]
    one.add_argument("--level", choices=levels, help="the place they shared")
    one.add_argument("--policy", metavar="ID", help="from when on a case counts as a source; default: always")
    one.add_argument("--after", type=int, metavar="DAYS", help="with those who came up to so long after")
    one.add_argument("--backward", action="store_true", help="possible sources of the case, not those exposed to it")
    one.add_argument("--from", dest="since", metavar="INSTANT", help="count from then: an instant, or a date")
    one.add_argument("--to", dest="until", metavar="INSTANT", help="up to then; a date means its end")
    least = "meetings that can have lasted so long; default: as the policy says, else all"
    one.add_argument("--min-hours", type=_hours, metavar="H", help=least)
    one.add_argument("--cumulative", action="store_true", help="--min-hours of all meetings of two together, not each")
    one.add_argument("--form", choices=["pairs", "days"], help="of --pairs; default: days above 100 million meetings")
    one.add_argument("--out", required=True, metavar="FILE", help="the file to write: .csv, .parquet or .arrow")
    engines = ["threads", "processes", "spark"]
    one.add_argument("--engine", choices=engines, default="threads", help="processes and spark: one facility a task")
    one.add_argument("--workers", type=int, default=1, metavar="N", help="threads or processes; the rows are the same")


def _hours(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ArgumentTypeError("give hours, such as 12 or 12.5") from None


def _input(one: ArgumentParser) -> None:
    one.add_argument("folder", metavar="FOLDER", help="a folder of files, or a record")
    one.add_argument("--mapping", metavar="NAME|FILE", help="how the files become our tables; none for our own form")
    one.add_argument("--as-of", metavar="INSTANT", help="2026-03-15T11:00 or 2026-03-15 (its end); default: the latest")
    one.add_argument("--known", metavar="KNOWN", help="what a record held then: a seq, or an instant of receipt")


def _others(subs: "_SubParsersAction[ArgumentParser]") -> None:
    tables = subs.add_parser("tables", help="the input tables, column by column, with an example row")
    tables.add_argument("name", nargs="?", metavar="NAME")
    _policy(subs)
    inform = subs.add_parser("inform", help="sheets that carriers take home")
    inform.add_argument("action", choices=["list", "sheet"])
    inform.add_argument("name", nargs="?", metavar="DOCUMENT")
    inform.add_argument("--region", default="neutral", metavar="REGION", help="neutral or ca-bc")
    inform.add_argument("--out", metavar="FILE", help="a .html or .pdf file")
    simulate = subs.add_parser("simulate", help="a made-up ward whose truth is known")
    simulate.add_argument("--seed", type=int, required=True)
    simulate.add_argument("--days", type=int, default=90)
    simulate.add_argument("--out", required=True, metavar="FOLDER")
    serve = subs.add_parser("serve", help="look at an analysis in the browser of this machine")
    serve.add_argument("folder", metavar="OUT", help="the folder that analyze wrote")
    serve.add_argument("--port", type=int, default=8765)
    _bench(subs)


def _bench(subs: "_SubParsersAction[ArgumentParser]") -> None:
    bench = subs.add_parser("bench", help="how fast the record and tracing are on this machine, as ratios")
    kinds = bench.add_subparsers(dest="what", metavar="WHAT", required=True)
    record = kinds.add_parser("record", help="the record of made-up patients, beside what Arrow alone takes")
    sizes = "how many, one run each; default: 10000 100000"
    record.add_argument("--patients", type=int, nargs="+", default=[10_000, 100_000], metavar="N", help=sizes)
    record.add_argument("--workers", type=int, default=1, metavar="N", help="processes, each with parts of the record")
    trace = kinds.add_parser("trace", help="tracing in made-up hospitals, beside DuckDB and Polars")
    stays = "how many; of several the first is compared, and growth is told to the last; default: 1000000"
    trace.add_argument("--stays", type=int, nargs="+", default=[1_000_000], metavar="N", help=stays)
    trace.add_argument("--workers", type=int, default=1, metavar="N", help="threads, of each that is compared")
    trace.add_argument("--json", metavar="FILE", help="write the figures to this file too")
    for one in (record, trace):
        one.add_argument("--seed", type=int, default=1, metavar="N", help="what the patients are made from")


def _policy(subs: "_SubParsersAction[ArgumentParser]") -> None:
    policy = subs.add_parser("policy", help="what a jurisdiction demands: list, describe, check, diff, compare")
    acts = policy.add_subparsers(dest="action", metavar="ACT", required=True)
    acts.add_parser("list", help="the policies shipped, with their weakest mark")
    for name, what in (
        ("describe", "a policy in sentences that a professional can sign"),
        ("check", "faults with their lines, holes, cases that fail, clauses that no case reaches"),
        ("questions", "the questions it needs at admission, in an order that stops early"),
    ):
        acts.add_parser(name, help=what).add_argument("name", nargs="?", metavar="ID|FILE")
    diff = acts.add_parser("diff", help="what differs between two policies, clause by clause")
    compare = acts.add_parser("compare", help="two policies on the same patients: whose answers change, and the cost")
    _input(compare)
    for one in (diff, compare):
        one.add_argument("one", metavar="A", help="a policy's id or file")
        one.add_argument("other", metavar="B", help="another, or another version of it")
    compare.add_argument("--out", metavar="FILE", help="write every changed answer to this .csv file")

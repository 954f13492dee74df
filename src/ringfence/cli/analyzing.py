"""`analyze` and `demo`: files in, findings out, one report."""

from argparse import Namespace
from pathlib import Path

from ringfence.chain import analyze
from ringfence.inform import Region, load_content, sheet_html
from ringfence.policy import load_policy
from ringfence.press import write_text
from ringfence.report import (
    indicators,
    sentences_of,
    write_findings,
    write_indicators,
    write_problems,
    write_provenance,
    write_report,
)
from ringfence.vocabulary import shipped

from .opening import UsageError, open_input, ready, said_as_of, said_of_input, view_of


def run_analyze(args: Namespace) -> int:
    """Analyze a folder and write every output."""
    folder, out = Path(args.folder), Path(args.out)
    if out.resolve() == folder.resolve():
        raise UsageError(f"{out}: --out must not be the folder that is read. Name another.")
    policy = load_policy(args.policy)
    opened = open_input(folder, args.mapping, ready(out) / "record", args.known)
    write_problems(opened.intake.problems, out / "problems.csv")
    view = view_of(opened, args.as_of)
    findings = analyze(view, policy)
    write_findings(findings, out)
    figures = indicators(findings)
    write_indicators(figures, out)
    options = {
        "folder": folder.name,
        "mapping": args.mapping or "",
        "as_of": args.as_of or "",
        "known": args.known or "",
    }
    write_provenance(findings, opened.intake, options, out)
    write_report(findings, opened.intake, out, figures)
    print(said_as_of(opened, view, args.as_of))
    for sentence in sentences_of(findings, opened.intake.problems):
        print(f"  {sentence}")
    for name, why in findings.notes.items():
        print(f"  {name}.csv is empty: {why}")
    for line in said_of_input(opened.intake, f" See {out / 'problems.csv'}"):
        print(f"  {line}")
    print(f"Report: {out / 'report.html'}")
    print(f"Tables: {', '.join(f'{name}.csv' for name in findings.rows())}, indicators.csv, problems.csv in {out}")
    return 0


def run_demo(args: Namespace) -> int:
    """Analyze the bundled made-up hospital, and make the carrier's sheet."""
    args.folder, args.policy = str(shipped("examples", "small-hospital")), "nl"
    args.mapping = args.as_of = args.known = None
    status = run_analyze(args)
    sheet = Path(args.out) / "sheet-carrier.html"
    write_text(sheet, sheet_html(load_content("carrier"), region=Region.NEUTRAL))
    print(f"Sheet:  {sheet}")
    print("Everyone in this hospital is made up.")
    return status

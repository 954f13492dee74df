"""`analyze` and `report`: files in, findings out, one report; of a period, frozen, and in other forms."""

from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ringfence.chain import Findings, analyze
from ringfence.feeds import Problem, counted
from ringfence.inform import Region, load_content, sheet_html
from ringfence.policy import load_policy
from ringfence.press import check_pdf, phrases, write_pdf, write_text
from ringfence.record import AlikePair, Check, Indicator, Revision, is_record, local_text
from ringfence.report import (
    CASES,
    Period,
    Submitted,
    freeze,
    indicators,
    links,
    quality,
    read_period,
    report_html,
    revisions,
    sentences_of,
    submitted,
    whole_period,
    write_cases_of,
    write_checks,
    write_findings,
    write_indicators,
    write_links,
    write_parquet,
    write_problems,
    write_provenance,
    write_report,
    write_revisions,
    write_timeline,
    write_workbook,
)
from ringfence.vocabulary import shipped

from .opening import VERSION, UsageError, open_input, ready, said_as_of, said_of_input, view_of

_FORMS = ("pdf", "xlsx", "parquet")


def run_analyze(args: Namespace) -> int:
    """Analyze a folder and write every output."""
    args.period, args.fewest, args.freeze, args.also = None, 0, False, []
    return run_report(args)


def run_report(args: Namespace) -> int:
    """Analyze a folder or record, and write the report of a period."""
    folder, out = Path(args.folder), Path(args.out)
    if out.resolve() == folder.resolve():
        raise UsageError(f"{out}: --out must not be the folder that is read. Name another.")
    period = read_period(args.period) if args.period else None
    _check(args, folder, period)
    policy = load_policy(args.policy)
    opened = open_input(folder, args.mapping, ready(out) / "record", args.known)
    write_problems(opened.intake.problems, out / "problems.csv")
    view = view_of(opened, args.as_of)
    findings = analyze(view, policy)
    write_findings(findings, out)
    figures = indicators(findings, period, fewest=args.fewest)
    write_indicators(figures, out)
    alike = links(findings)
    write_links(alike, out)
    write_timeline(findings, out)
    found = quality(findings)
    write_checks(found, out)
    options = {
        "folder": folder.name,
        "mapping": args.mapping or "",
        "as_of": args.as_of or "",
        "known": args.known or "",
        "period": args.period or "",
        "fewest": str(args.fewest or ""),
    }
    write_provenance(findings, opened.intake, options, out)
    before = submitted(folder, period) if period and is_record(folder) else None
    changed = _revised(findings, period or whole_period(findings), before, out) if period else []
    write_report(findings, opened.intake, out, figures, before, changed, alike, args.fewest, args.language, found)
    sentences = sentences_of(findings, opened.intake.problems)
    more = _other_forms(args, findings, figures, alike, out, opened.intake.problems, found, sentences)
    print(said_as_of(opened, view, args.as_of))
    for sentence in sentences:
        print(f"  {sentence}")
    for name, why in findings.notes.items():
        print(f"  {name}.csv is empty: {why}")
    for line in said_of_input(opened.intake, f" See {out / 'problems.csv'}"):
        print(f"  {line}")
    if period:
        _say_period(args, findings, period, before, changed)
    print(f"Report: {out / 'report.html'}")
    tables = [
        *(f"{name}.csv" for name in findings.rows()),
        "links.csv",
        "timeline.csv",
        "indicators.csv",
        "problems.csv",
        "checks.csv",
        *more,
    ]
    tables += [CASES, *(["revisions.csv"] if before else [])] if period else []
    print(f"Tables: {', '.join(tables)} in {out}")
    if args.freeze and period:
        _freeze(args, findings, out, folder, period, before)
    refused, _ = counted(opened.intake.problems)
    if args.strict and refused:
        print(f"--strict: {refused:,} rows or files could not be used, so this run counts as failed.")
        return 1
    return 0


def run_demo(args: Namespace) -> int:
    """Analyze the bundled made-up hospital, and make the carrier's sheet."""
    args.folder, args.policy = str(shipped("examples", "small-hospital")), "nl"
    args.mapping = args.as_of = args.known = None
    args.strict, args.language = False, "en"
    status = run_analyze(args)
    sheet = Path(args.out) / "sheet-carrier.html"
    write_text(sheet, sheet_html(load_content("carrier"), region=Region.NEUTRAL))
    print(f"Sheet:  {sheet}")
    print("Everyone in this hospital is made up.")
    return status


def _check(args: Namespace, folder: Path, period: Period | None) -> None:
    if args.freeze and period is None:
        raise UsageError("--freeze: a copy is kept of a period. Give --period too, for example 2026Q2.")
    if args.freeze and not is_record(folder):
        raise UsageError(
            f"--freeze: the copy is kept in a record, and {folder} is none. Make one: ringfence record add {folder} "
            "--to RECORD"
        )
    if args.freeze and args.known:
        raise UsageError("--freeze: what is submitted is what is known now. Leave --known out.")
    if "pdf" in args.also:
        check_pdf()
    if args.language != "en":
        phrases(args.language)  # one that is not there is said before anything is read
    if args.fewest < 0:
        raise UsageError("--fewest: give 0 or more.")


def _revised(findings: Findings, period: Period, before: Submitted | None, out: Path) -> list[Revision]:
    write_cases_of(findings, period, out)
    if before is None:
        (out / "revisions.csv").unlink(missing_ok=True)  # of a run before
        return []
    changed = list(revisions(before, out))
    write_revisions(changed, out)
    return changed


def _other_forms(
    args: Namespace,
    findings: Findings,
    figures: tuple[Indicator, ...],
    alike: tuple[AlikePair, ...],
    out: Path,
    problems: Sequence[Problem],
    found: Sequence[Check],
    sentences: Sequence[str],
) -> list[str]:
    """Write the report in the other forms that were asked for, and return the names of the files."""
    names = []
    if "xlsx" in args.also:
        view, policy = findings.view, findings.policy
        about = [
            ("as of", local_text(view.at, view.zone(None)).replace("T", " ")[:16]),
            ("known up to", f"{view.known_to:,}"),
            ("policy", f"{policy.title} ({policy.id}, digest {policy.digest})"),
            ("figures of", f"{figures[0].start} to {figures[0].end}" if figures else ""),
            ("made by", f"Ringfence {VERSION}"),
            *(("says", sentence) for sentence in sentences),
        ]
        write_workbook(findings, figures, alike, out, about=about, problems=problems, found=found)
        names.append("report.xlsx")
    if "parquet" in args.also:
        names += write_parquet(findings, figures, alike, out)
    if "pdf" in args.also:
        write_pdf(report_html(out), out / "report.pdf")
        names.append("report.pdf")
    return names


_MADE_BY = {"policy_digest": "another policy, or another version of it", "fewest": "--fewest"}


def _say_period(
    args: Namespace, findings: Findings, period: Period, before: Submitted | None, changed: list[Revision]
) -> None:
    today = findings.view.at.astimezone(findings.view.zone(None)).date()
    first, last = max(whole_period(findings).first, period.first), min(today, period.last)
    short = "" if (first, last) == (period.first, period.last) else f", of which the data cover {first} to {last}"
    short = ", of which the data cover no day" if first > last else short
    print(f"  Period: {period.words}{short}.")
    if before is None:
        return
    print(f"  Compared with {before.words}: {len(changed):,} values differ.")
    same = {"policy_digest": findings.policy.digest, "fewest": args.fewest}
    otherwise = [_MADE_BY[name] for name, value in same.items() if before.about.get(name, value) != value]
    if otherwise:
        print(f"  That copy was made otherwise ({', '.join(otherwise)}), so not every difference is a revision.")
    if before.changed:
        print(f"  {before.folder}: these files are not as they were frozen: {', '.join(before.changed)}.")


def _freeze(
    args: Namespace, findings: Findings, out: Path, folder: Path, period: Period, before: Submitted | None
) -> None:
    about = {
        "frozen": datetime.now(UTC).isoformat(timespec="seconds"),
        "ringfence": VERSION,
        "policy": findings.policy.id,
        "policy_digest": findings.policy.digest,
        "as_of": findings.view.at.isoformat(),
        "known_to": findings.view.known_to,
        "fewest": args.fewest,
        "language": args.language,
    }
    also = [f"report.{form}" for form in ("pdf", "xlsx") if form in args.also]
    kept = freeze(out, ["report.html", "provenance.json", "indicators.csv", CASES, *also], folder, period, about)
    if before and kept.number == before.number:
        print(f"Nothing differs from {kept.words}, so no other copy is kept: {kept.folder}")
    else:
        print(f"Frozen: {kept.words}: {kept.folder}")

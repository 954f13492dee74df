"""`inform`: sheets to take home."""

from argparse import Namespace
from pathlib import Path

from ringfence.inform import document_ids, load_content, region_of, sheet_html
from ringfence.press import write_pdf, write_text

from .opening import UsageError, ready


def run_inform(args: Namespace) -> int:
    """List the documents, or write one."""
    if args.action == "list":
        for name in document_ids():
            print(f"{name:<10}{load_content(name).title.en} (English)")
        return 0
    if args.name is None or args.out is None:
        raise UsageError("Name a document and a file: ringfence inform sheet carrier --out sheet.html")
    html, out = sheet_html(load_content(args.name), region=region_of(args.region)), Path(args.out)
    if out.suffix not in (".html", ".pdf"):
        raise UsageError(f"{out}: a sheet is written as .html or .pdf.")
    ready(out.resolve().parent)
    if out.suffix == ".pdf":
        write_pdf(html, out)
    else:
        write_text(out, html)
    print(f"Sheet: {out}")
    return 0

"""HTML to PDF, where the extra `pdf` and its system libraries are there."""

from pathlib import Path
from typing import Any

from ringfence.vocabulary import PlainError


class PdfUnavailable(PlainError):  # noqa: N818
    """PDF cannot be made here; the message says what to install."""


def write_pdf(html: str, path: Path) -> None:
    """Write `html` as a tagged PDF.

    Raises:
        PdfUnavailable: WeasyPrint or one of its system libraries is missing.
    """
    of_html = check_pdf()
    of_html(string=html).write_pdf(str(path), pdf_variant="pdf/ua-1", pdf_identifier=b"ringfence")


def check_pdf() -> Any:  # noqa: ANN401 WeasyPrint has no types
    """Return what makes a PDF.

    Raises:
        PdfUnavailable: WeasyPrint or one of its system libraries is missing.
    """
    try:
        from weasyprint import HTML
    except ImportError:
        raise PdfUnavailable(
            "PDF needs the extra `pdf`: pip install 'ringfence[pdf]', in a clone pip install -e '.[pdf]'. HTML works "
            "without it."
        ) from None
    except OSError:
        raise PdfUnavailable(
            "PDF needs system libraries. On Debian or Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
            "libharfbuzz-subset0. HTML works without them."
        ) from None
    return HTML

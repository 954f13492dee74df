"""The Django site: its settings, its addresses and its pages."""

import csv
import logging
import secrets
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from ringfence.press import CSS

HOSTS = ["127.0.0.1", "localhost"]


def application(folder: Path, token: str) -> Any:  # noqa: ANN401
    """Return the WSGI application that shows the analysis in `folder` to whoever brings `token`."""
    if not settings.configured:
        settings.configure(
            SECRET_KEY=secrets.token_urlsafe(32),
            # Any other host name is refused, so a page elsewhere cannot reach this one under a name of its own.
            ALLOWED_HOSTS=HOSTS,
            ROOT_URLCONF=__name__,
            MIDDLEWARE=[
                "django.middleware.security.SecurityMiddleware",
                "ringfence.server.doorkeeper.Doorkeeper",
                "django.middleware.clickjacking.XFrameOptionsMiddleware",
            ],
            TEMPLATES=[
                {
                    "BACKEND": "django.template.backends.django.DjangoTemplates",
                    "DIRS": [Path(__file__).parent / "templates"],
                    "OPTIONS": {"string_if_invalid": ""},
                }
            ],
            SECURE_REFERRER_POLICY="no-referrer",
            USE_TZ=True,
            LOGGING_CONFIG=None,
        )
        django.setup()
        # Nothing is logged: an address may say which ward somebody looked at, an error what was there.
        logger = logging.getLogger("django")
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
    settings.RINGFENCE_FOLDER, settings.RINGFENCE_TOKEN = folder, token
    return get_wsgi_application()


def worklist(request: HttpRequest) -> HttpResponse:
    """Show what needs doing now, for all wards or one."""
    tasks = _rows("tasks")
    several = len({task["facility"] for task in tasks if task["facility"]}) > 1
    tasks = [task | _said_of(task, several=several) for task in tasks]
    wards = sorted(Counter(task["where"] for task in tasks).items())
    ward = request.GET.get("ward", "")
    shown = [task for task in tasks if ward in ("", task["where"])]
    shown.sort(key=lambda task: task["state"] in ("done", "withdrawn"))
    return render(request, "server/worklist.html", {"tasks": shown, "wards": wards, "ward": ward, "css": CSS})


def _said_of(task: Mapping[str, str], *, several: bool) -> dict[str, str]:
    """Return where a task is, its mark, and from when it is due, in words; one ward name may be of two hospitals."""
    where = f"{task['facility']} {task['ward']}".strip() if several else task["ward"]
    due = task["due"].replace("T", " ")[:16]
    state = {"open": "to do", "decide": "to decide"}.get(task["state"], task["state"])
    since = f"{'since' if task['days'] else 'from'} {due}" if due and task["state"] == "open" else ""
    return {"where": where, "words": task["mark"].replace("_", " "), "says": f"{state} {since}".strip()}


def report(request: HttpRequest) -> FileResponse:
    """Show the report."""
    return FileResponse(_file("report.html").open("rb"), content_type="text/html; charset=utf-8")


def table(request: HttpRequest, name: str) -> FileResponse:
    """Hand out one table as CSV."""
    return FileResponse(_file(f"{name}.csv").open("rb"), as_attachment=True, filename=f"{name}.csv")


def _rows(name: str) -> list[dict[str, str]]:
    with _file(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _file(name: str) -> Path:
    found: Path = settings.RINGFENCE_FOLDER / name
    if not found.is_file():
        raise Http404
    return found


urlpatterns = [
    path("", worklist),
    path("report", report),
    path("tables/<slug:name>.csv", table),
]

"""Serving the site to this machine alone."""

import secrets
from collections.abc import Callable
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from ringfence.vocabulary import PlainError

LOOPBACK = "127.0.0.1"


class ServeError(PlainError):
    """The folder or port cannot be served; the message says why."""


class _Quiet(WSGIRequestHandler):
    """Writes no access log: an address may say which ward somebody looked at."""

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def serve(folder: Path, *, port: int, announce: Callable[[str], None]) -> None:
    """Serve the analysis in `folder` on loopback until interrupted; `announce` gets the address with its key.

    Raises:
        ServeError: the folder holds no analysis, the port is taken, or Django is not installed.
    """
    if not (folder / "report.html").is_file():
        make = f"ringfence analyze FOLDER --policy nl --out {folder}"
        raise ServeError(f"{folder}: no analysis is here. Make one: {make}")
    try:
        from .site import application
    except ModuleNotFoundError:
        raise ServeError("Serving needs the extra `server`: pip install 'ringfence[server]'.") from None
    token = secrets.token_urlsafe(24)
    try:
        server = make_server(LOOPBACK, port, application(folder.resolve(), token), _Server, _Quiet)
    except OSError:
        raise ServeError(f"Port {port} is taken. Name another with --port.") from None
    with server:
        announce(f"http://{LOOPBACK}:{server.server_port}/?token={token}")
        server.serve_forever()

"""`serve`: look at an analysis in the browser of this machine."""

from argparse import Namespace
from pathlib import Path

from ringfence.server import serve


def run_serve(args: Namespace) -> int:
    """Serve until interrupted."""

    def announce(address: str) -> None:
        print(f"Open {address}\nOnly this machine can. Stop with Ctrl-C.", flush=True)

    serve(Path(args.folder), port=args.port, announce=announce)
    return 0

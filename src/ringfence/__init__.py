"""Ringfence: find, flag and contain carbapenemase-producing organisms (CPO).

The public API, loaded when it is used:

- `read_folder`, `load_mapping`: files to facts;
- `FolderStore`: facts kept, views out;
- `load_policy`: what a jurisdiction demands;
- `analyze`: a view and a policy to all findings;
- `presences`, `pairs`: who was where, and who shared a place with whom.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringfence.chain import Findings, analyze
    from ringfence.feeds import load_mapping, read_folder
    from ringfence.policy import load_policy
    from ringfence.record import FolderStore, Level, presences
    from ringfence.trace import pairs

_ROOMS = {
    "Findings": "chain",
    "FolderStore": "record",
    "Level": "record",
    "analyze": "chain",
    "load_mapping": "feeds",
    "load_policy": "policy",
    "pairs": "trace",
    "presences": "record",
    "read_folder": "feeds",
}

__all__ = [
    "Findings",
    "FolderStore",
    "Level",
    "analyze",
    "load_mapping",
    "load_policy",
    "pairs",
    "presences",
    "read_folder",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in _ROOMS:
        raise AttributeError(f"module 'ringfence' has no attribute {name!r}")
    return getattr(import_module(f"ringfence.{_ROOMS[name]}"), name)

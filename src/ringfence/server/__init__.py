"""A look at an analysis in the browser of this machine.

What comes in is the folder that `analyze` wrote; what goes out is pages on loopback: the worklist, for all wards or
one, the report and the tables. Whoever does not bring the key printed at the start is refused, and so are other host
names; nothing is written and nothing is logged. There are no accounts yet, so it listens to this machine alone.

Django is imported only in this room, and only when the site is started.
"""

from .serving import ServeError, serve

__all__ = ["ServeError", "serve"]

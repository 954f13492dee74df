"""Tracing over many facilities: processes on one machine, Spark on many.

What comes in is presences; what goes out is the same rows in the same order on every engine, because each runs the
one `trace.pairs` facility by facility. There is no second implementation. The rest of the chain is not scaled yet.
"""

from .processes import pairs_over_processes
from .spark import SparkUnavailable, pairs_on_spark

__all__ = ["SparkUnavailable", "pairs_on_spark", "pairs_over_processes"]

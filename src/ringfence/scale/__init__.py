"""Many facilities, and many patients: processes on one machine, Spark on many.

Who met whom goes facility by facility: what comes in is an index and what is asked of each facility, and what goes out
is the same rows in the same order on every engine, because each runs the kernels of `trace`. Contacts of a case in
several facilities are put together after (`trace.put_together`). What holds for one patient goes by parts of the
record: what comes in is a record's folder, and what goes out is numbers, the same for any number of processes. There is
no second implementation of either. The rest of the chain is not scaled yet.

What this takes is measured on made-up patients: `ringfence bench record`; and what tracing takes in made-up hospitals,
beside DuckDB and Polars: `ringfence bench trace`.
"""

from .assessing import Assessed, assess_over_processes
from .measuring import BYTES_OF_A_PATIENT, Measured, grow, measure, slope
from .population import FACTS_OF_A_PATIENT, MODELS, made_up_columns
from .processes import over_processes
from .spark import SparkUnavailable, on_spark
from .tracing import BARS, COMPARED_AT_MOST, ROUNDS, Alone, Compared, alone, compare_with_peers

__all__ = [
    "BARS",
    "BYTES_OF_A_PATIENT",
    "COMPARED_AT_MOST",
    "FACTS_OF_A_PATIENT",
    "MODELS",
    "ROUNDS",
    "Alone",
    "Assessed",
    "Compared",
    "Measured",
    "SparkUnavailable",
    "alone",
    "assess_over_processes",
    "compare_with_peers",
    "grow",
    "made_up_columns",
    "measure",
    "on_spark",
    "over_processes",
    "slope",
]

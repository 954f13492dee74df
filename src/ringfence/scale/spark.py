"""The same tracing on Apache Spark, one facility a task, through Arrow."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from ringfence.record import TABLES
from ringfence.trace import Columns, Index, pair_batches
from ringfence.vocabulary import PlainError


class SparkUnavailable(PlainError):  # noqa: N818
    """Spark cannot run here; the message says what to install."""


def pair_batches_on_spark(index: Index, *, least_hours: float = 0) -> Iterator[pa.RecordBatch]:
    """Yield what `trace.pair_batches` yields, worked out facility by facility on the Spark of this machine.

    Raises:
        SparkUnavailable: PySpark or Java is missing.
    """
    spark = _session()
    try:
        columns, names = index.live(), index.names
        whole = {**columns.arrays(), "facility": np.array([place.facility for place in names.places])[columns.place]}
        frame = spark.createDataFrame(pa.table({name: pa.array(array) for name, array in whole.items()}))
        schema = ", ".join(f"{f.name} {_SQL[str(f.type)]}" for f in TABLES["pairs"].schema)

        def trace(facility: pa.Table) -> pa.Table:
            own = Columns(**{name: facility.column(name).to_numpy() for name in columns.arrays()})
            one = Index.of_columns(own, names, index.level, index.at)
            return pa.Table.from_batches(pair_batches(one, least_hours=least_hours), schema=TABLES["pairs"].schema)

        found = frame.groupBy("facility").applyInArrow(trace, schema=schema).toArrow()
        order = [(name, "ascending") for name in ("facility", "ward", "room", "bed", "patient_a", "patient_b")]
        # A place without a room comes first, as in the order of the index.
        yield from found.cast(TABLES["pairs"].schema).sort_by([(n, o, "at_start") for n, o in order]).to_batches()
    finally:
        spark.stop()


_SQL = {"string": "string", "int64": "long", "date32[day]": "date", "double": "double"}


def _session() -> Any:  # noqa: ANN401
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SparkUnavailable("Spark needs the extra `spark`: pip install 'ringfence[spark]', and Java 17.") from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = (
        SparkSession.builder.appName("ringfence")
        .master("local[*]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
    )
    try:
        return builder.getOrCreate()
    except Exception:
        # PySpark raises many kinds here, all meaning that the Java side did not start.
        raise SparkUnavailable(
            "Spark did not start. It needs Java 17: apt-get install openjdk-17-jre-headless."
        ) from None

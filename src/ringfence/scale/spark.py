"""The same tracing on Apache Spark, one facility a task, through Arrow."""

import os
import sys
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from ringfence.record import TABLES, Level, Pair, Whereabouts
from ringfence.trace import pairs
from ringfence.vocabulary import PlainError

from .processes import in_order


class SparkUnavailable(PlainError):  # noqa: N818
    """Spark cannot run here; the message says what to install."""


def pairs_on_spark(everyone: Iterable[Whereabouts], *, level: Level) -> list[Pair]:
    """Return what `trace.pairs` returns, worked out facility by facility on the Spark of this machine.

    Raises:
        SparkUnavailable: PySpark or Java is missing.
    """
    spark = _session()
    try:
        frame = spark.createDataFrame(TABLES["whereabouts"].pack(everyone))
        table = TABLES["pairs"]
        schema = ", ".join(f"{f.name} {_SQL[str(f.type)]}" for f in table.schema)

        def trace(facility: pa.Table) -> pa.Table:
            there = list(TABLES["whereabouts"].unpack(facility))
            return table.pack(pairs(there, level=level))

        found = frame.groupBy("facility_id").applyInArrow(trace, schema=schema).toArrow()
        return in_order(table.unpack(found))
    finally:
        spark.stop()


_SQL = {"string": "string", "int64": "long", "date32[day]": "date"}


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

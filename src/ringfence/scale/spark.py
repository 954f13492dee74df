"""The same tracing on Apache Spark, one facility a task, through Arrow."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from ringfence.trace import Columns, Index
from ringfence.vocabulary import PlainError

from .processes import Ask, by_facility


class SparkUnavailable(PlainError):  # noqa: N818
    """Spark cannot run here; the message says what to install."""


def on_spark(index: Index, ask: Ask, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield what each facility answers, in the order of facilities, worked out on the Spark of this machine.

    Args:
        index: the index of one level.
        ask: what is asked, as of `over_processes`.
        schema: of what it yields.

    Raises:
        SparkUnavailable: PySpark or Java is missing.
    """
    spark = _session()
    try:
        names, level, at, tasks = index.names, index.level, index.at, by_facility(index)
        of_task = np.repeat(np.arange(len(tasks)), [len(columns) for _, columns in tasks])
        everything = Columns.together([columns for _, columns in tasks] or [index.live()]).arrays()
        sent = {_TASK: of_task, **everything}
        frame = spark.createDataFrame(pa.table({name: pa.array(array) for name, array in sent.items()}))
        answered = schema.append(pa.field(_TASK, pa.int64())).append(pa.field(_ROW, pa.int64()))

        def answer(task: pa.Table) -> pa.Table:
            columns = Columns(**{name: task.column(name).to_numpy() for name in everything})
            found = pa.Table.from_batches(ask(Index.of_columns(columns, names, level, at)), schema=schema)
            number = pa.array(np.full(len(found), task.column(_TASK)[0].as_py(), np.int64))
            return found.append_column(_TASK, number).append_column(_ROW, pa.array(np.arange(len(found))))

        said = ", ".join(f"{one.name} {_SQL[str(one.type)]}" for one in answered)
        found = frame.groupBy(_TASK).applyInArrow(answer, schema=said).toArrow()
        ordered = found.sort_by([(_TASK, "ascending"), (_ROW, "ascending")])
        yield from ordered.select(schema.names).cast(schema).to_batches()
    finally:
        spark.stop()


_TASK, _ROW = "task", "row_of_task"
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

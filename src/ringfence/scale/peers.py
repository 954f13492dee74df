"""The same questions put to DuckDB and to Polars, in their best form: stays stored by bucket of time."""

import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from ringfence.vocabulary import PlainError

from .hospitals import FAR, MadeUp

Rows = Any
"""Numbers of cases."""
Found = Any
"""An Arrow table of whole numbers."""
LEAST = 60
"""Minutes that a meeting must have lasted."""


class PeerError(PlainError):
    """What tracing is compared with cannot be asked."""


class Duck:
    """Made-up stays in DuckDB, sorted by ward and bucket; each pair is kept in the bucket of the later start."""

    name = "DuckDB"

    def __init__(self, made: MadeUp, days: int, threads: int) -> None:
        import duckdb
        import pyarrow as pa

        self.width, self.made = days * 1440, made
        self.db = duckdb.connect(config={"threads": threads})
        stays = pa.table({n: getattr(made, n) for n in ("patient", "facility", "ward", "room", "start", "end")})
        self.db.register("given", stays)
        self.db.execute(
            'create table stays as select patient p, facility f, ward w, room r, start s, "end" e from given'
        )
        self.db.execute(f"create table buckets as select * from ({self._bucketed('stays')}) order by w, k, s")
        self.db.execute("create table of_patient as select * from stays order by p")
        since, until = made.carrier_since, made.carrier_until
        known = np.flatnonzero(since < FAR).astype(np.int32)
        self.db.register("known", pa.table({"p": known, "a": since[known], "b": until[known]}))
        self.db.execute("create table carriers as select * from known")

    def _bucketed(self, table: str) -> str:
        return f"select *, unnest(generate_series(s // {self.width}, (e - 1) // {self.width})) as k from {table}"

    def _ask(self, cases: Any) -> None:  # noqa: ANN401
        import pyarrow as pa

        low, high = np.maximum(self.made.windows[cases], -(2**31)).astype(np.int64).T
        asked = pa.table({"c": cases.astype(np.int32), "q": self.made.cases[cases], "low": low, "high": high})
        self.db.register("asked", asked)

    def cases(self, cases: Rows) -> Found:
        """Return case, contact, minutes on the ward and in the room."""
        self._ask(cases)
        own = (
            "select c, t.p, t.w, t.r, greatest(t.s, low) s, least(t.e, high) e from of_patient t join asked on t.p = q "
            "where t.s < high and t.e > low"
        )
        return self.db.sql(f"""
            select a.c, b.p, sum(least(a.e, b.e) - greatest(a.s, b.s))::bigint ward,
                   sum(case when a.r = b.r then least(a.e, b.e) - greatest(a.s, b.s) else 0 end)::bigint room
            from ({self._bucketed(f"({own})")}) a join buckets b on a.w = b.w and a.k = b.k
            where a.p <> b.p and b.s < a.e and b.e > a.s and greatest(a.s, b.s) // {self.width} = a.k
              and least(a.e, b.e) - greatest(a.s, b.s) >= {LEAST}
            group by a.c, b.p
        """).to_arrow_table()

    def pairs(self) -> Iterator[Found]:
        """Yield patient, patient, ward, meetings and minutes, facility by facility: so it needs least memory."""
        for facility in range(int(self.made.facility.max()) + 1):
            yield self.db.sql(f"""
                select a.p a, b.p b, a.w, count(*) meetings, sum(least(a.e, b.e) - greatest(a.s, b.s))::bigint m
                from buckets a join buckets b on a.w = b.w and a.k = b.k
                where a.f = {facility} and b.f = {facility} and a.p < b.p and b.s < a.e and b.e > a.s
                  and greatest(a.s, b.s) // {self.width} = a.k
                group by all having sum(least(a.e, b.e) - greatest(a.s, b.s)) >= {LEAST}
            """).to_arrow_table()

    def pressure(self) -> Found:
        """Return patient, ward, day and the number of other carriers."""
        return self.db.sql("""
            with days as (select distinct p, w, unnest(generate_series(s // 1440, (e - 1) // 1440)) d from stays),
                 carrying as (select d.p, w, d from days d join carriers c on d.p = c.p and d between a and b),
                 many as (select w, d, count(*) n from carrying group by all)
            select days.p, days.w, days.d, coalesce(n, 0) - (carrying.p is not null)::int n
            from days left join many using (w, d) left join carrying using (p, w, d)
        """).to_arrow_table()

    def without_last_day(self, day: int) -> None:
        """Take out what began on a day or later, so that it can be added."""
        self.db.execute(f"create temp table later as select * from stays where s >= {day * 1440}")
        self.db.execute(f"delete from stays where s >= {day * 1440}")
        self.db.execute(f"delete from of_patient where s >= {day * 1440}")
        self.db.execute(f"delete from buckets where s >= {day * 1440}")

    def add_day(self, day: int) -> Found:
        """Add a day's stays, and return whom its patients met since it began: patient, patient, minutes."""
        low = day * 1440
        self.db.execute("begin")
        self.db.execute("insert into stays select * from later")
        self.db.execute("insert into of_patient select * from later")
        self.db.execute(f"insert into buckets {self._bucketed('later')}")
        own = f"select p, w, r, greatest(s, {low}) s, e from of_patient where p in (select p from later) and e > {low}"
        return self.db.sql(f"""
            select a.p a, b.p b, sum(least(a.e, b.e) - greatest(a.s, b.s))::bigint m
            from ({self._bucketed(f"({own})")}) a join buckets b on a.w = b.w and a.k = b.k
            where a.p <> b.p and b.s < a.e and b.e > a.s and greatest(a.s, b.s) // {self.width} = a.k
              and least(a.e, b.e) - greatest(a.s, b.s) >= {LEAST}
            group by all
        """).to_arrow_table()

    def undo_day(self) -> None:
        """Take the day out again."""
        self.db.execute("rollback")


class Polar:
    """Made-up stays in Polars, by bucket."""

    name = "Polars"

    def __init__(self, made: MadeUp, days: int, threads: int) -> None:
        os.environ["POLARS_MAX_THREADS"] = str(threads)  # it can be said before the first import alone
        import polars as pl

        if pl.thread_pool_size() != threads:
            raise PeerError(f"Polars runs with {pl.thread_pool_size()} threads already, and {threads} were asked for.")
        self.pl, self.width, self.made = pl, days * 1440, made
        names = {"patient": "p", "facility": "f", "ward": "w", "room": "r", "start": "s", "end": "e"}
        self.stays = pl.DataFrame({short: getattr(made, name) for name, short in names.items()})
        self.buckets = self._bucketed(self.stays).sort("w", "k", "s")
        known = np.flatnonzero(made.carrier_since < FAR).astype(np.int32)
        self.carriers = pl.DataFrame({"p": known, "a": made.carrier_since[known], "b": made.carrier_until[known]})
        self.later = self.stays.clear()

    def _bucketed(self, some: Any) -> Any:  # noqa: ANN401
        pl = self.pl
        return some.with_columns(
            k=pl.int_ranges(pl.col("s") // self.width, (pl.col("e") - 1) // self.width + 1, dtype=pl.Int32)
        ).explode("k")

    def _met(self, own: Any, buckets: Any, *rest: Any) -> Any:  # noqa: ANN401
        pl = self.pl
        since, until = pl.max_horizontal("s", "s_right"), pl.min_horizontal("e", "e_right")
        return (
            self._bucketed(own).lazy()
            .join(buckets.lazy(), on=["w", "k"])
            .filter(pl.col("s_right") < pl.col("e"), pl.col("e_right") > pl.col("s"), *rest)
            .with_columns(m=until - since, since=since)
            .filter(pl.col("since") // self.width == pl.col("k"))
        )  # fmt: skip

    def cases(self, cases: Rows) -> Found:
        """Return case, contact, minutes on the ward and in the room."""
        pl = self.pl
        low, high = np.maximum(self.made.windows[cases], -(2**31)).astype(np.int64).T
        asked = pl.DataFrame({"c": cases.astype(np.int32), "p": self.made.cases[cases], "low": low, "high": high})
        since = pl.max_horizontal("s", "low").cast(pl.Int32)
        until = pl.min_horizontal("e", "high").cast(pl.Int32)
        within = (pl.col("s") < pl.col("high"), pl.col("e") > pl.col("low"))
        own = self.stays.lazy().join(asked.lazy(), on="p").filter(*within)
        own = own.select("c", "p", "w", "r", s=since, e=until).collect()
        same_room = pl.when(pl.col("r") == pl.col("r_right")).then(pl.col("m")).otherwise(0)
        met = self._met(own, self.buckets, pl.col("p") != pl.col("p_right")).filter(pl.col("m") >= LEAST)
        return met.group_by("c", "p_right").agg(ward=pl.col("m").sum(), room=same_room.sum()).collect().to_arrow()

    def pairs(self) -> Iterator[Found]:
        """Yield patient, patient, ward, meetings and minutes, facility by facility."""
        pl = self.pl
        for facility in range(int(self.made.facility.max()) + 1):
            here = pl.col("f") == facility
            met = self._met(self.stays.filter(here), self.buckets.filter(here), pl.col("p") < pl.col("p_right"))
            found = met.group_by("p", "p_right", "w").agg(meetings=pl.len(), minutes=pl.col("m").cast(pl.Int64).sum())
            yield found.filter(pl.col("minutes") >= LEAST).collect(engine="streaming").to_arrow()

    def pressure(self) -> Found:
        """Return patient, ward, day and the number of other carriers."""
        pl = self.pl
        range_of_days = pl.int_ranges(pl.col("s") // 1440, (pl.col("e") - 1) // 1440 + 1, dtype=pl.Int32)
        days = self.stays.lazy().select("p", "w", d=range_of_days).explode("d").unique()
        of = pl.col("d").is_between(pl.col("a"), pl.col("b"))
        found = days.join(self.carriers.lazy(), on="p", how="left").with_columns(own=of.fill_null(False))
        many = pl.col("own").sum().over("w", "d").cast(pl.Int32)
        return found.select("p", "w", "d", n=many - pl.col("own").cast(pl.Int32)).collect().to_arrow()

    def without_last_day(self, day: int) -> None:
        """Take out what began on a day or later, so that it can be added."""
        pl = self.pl
        self.later = self.stays.filter(pl.col("s") >= day * 1440)
        self.stays = self.stays.filter(pl.col("s") < day * 1440)
        self.buckets = self.buckets.filter(pl.col("s") < day * 1440)

    def add_day(self, day: int) -> Found:
        """Add a day's stays, and return whom its patients met since it began: patient, patient, minutes."""
        pl = self.pl
        stays = pl.concat([self.stays, self.later], rechunk=False)
        buckets = pl.concat([self.buckets, self._bucketed(self.later)], rechunk=False)
        whose = self.later.select("p").unique()
        own = stays.lazy().filter(pl.col("e") > day * 1440).join(whose.lazy(), on="p", how="semi")
        own = own.with_columns(s=pl.max_horizontal("s", pl.lit(day * 1440, pl.Int32))).collect()
        met = self._met(own, buckets.select("p", "w", "s", "e", "k"), pl.col("p") != pl.col("p_right"))
        return met.filter(pl.col("m") >= LEAST).group_by("p", "p_right").agg(pl.col("m").sum()).collect().to_arrow()

    def undo_day(self) -> None:
        """Nothing was kept."""

"""The slow, obvious twin of `ringfence.record.current`: one fact after the other, with plain dictionaries."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ringfence.record import TABLES, Fact, Found, ResultStatus, digest_of, end_of_day

LONG_AGO = datetime(1800, 1, 1, tzinfo=ZoneInfo("UTC"))
CARE = [Found.NOT_DETECTED, Found.INVALID, Found.INDETERMINATE, Found.DETECTED]
PARENTS = {
    "encounter_id": "encounters",
    "specimen_id": "specimens",
    "isolate_id": "isolates",
    "isolate_a": "isolates",
    "isolate_b": "isolates",
}


NAMES = PARENTS | {"order_id": "orders", "place_id": "places", "result_id": "results", "stay_id": "stays"}


def plain_current(facts: list[Fact], at: datetime) -> dict[str, list]:
    """Return the current rows of each table as of `at`, blanked, in order of key."""
    return {name: [f.row for f in some] for name, some in PlainRecord(facts, at).current().items()}


class Named:
    """A fact whose row names others unmistakably; the key stays as it came."""

    def __init__(self, fact, key, row):
        self.fact, self.key, self.row = fact, key, row

    def __getattr__(self, name):
        return getattr(self.fact, name)


class PlainRecord:
    def __init__(self, facts, at):
        self.at = at
        self.zones = {}
        newest = {}
        for fact in facts:
            newest[fact.message] = max(newest.get(fact.message, 0), fact.generation)
        self.facts = self.named([f for f in facts if not f.message or f.generation == newest[f.message]])
        self.parents = {}

    def named(self, facts):
        """The facts, with a number that several systems use for rows of one table called NUMBER@SYSTEM everywhere."""
        systems = {}
        for fact in facts:
            for column, table in NAMES.items():
                if fact.table == table and column in TABLES[table].key:
                    systems.setdefault((table, getattr(fact.row, column)), set()).add(fact.system)
        found = []
        for fact in facts:
            numbers = {c: (table, getattr(fact.row, c, None)) for c, table in NAMES.items()}
            more = {
                column: f"{of[1]}@{fact.system}"
                for column, of in numbers.items()
                if of[1] and fact.system and len(systems.get(of, ())) > 1
            }
            found.append(Named(fact, fact.key, replace(fact.row, **more)))
        return found

    def current(self):
        found = {}
        rest = [name for name in {f.table for f in self.facts} if name not in PARENTS.values()]
        for name in ["facilities", "encounters", "specimens", "isolates", *sorted(set(rest) - {"facilities"})]:
            found[name] = self.of_table(name)
            if name == "facilities":
                self.zones = {f.row.facility_id: ZoneInfo(f.row.zone) for f in found[name]}
                self.zones = dict(sorted(self.zones.items()))
            elif name in PARENTS.values():
                key = TABLES[name].key[0]
                self.parents[name] = {getattr(f.row, key): f for f in self.last(name)}
        undone = self.undone([f.row for f in found.get("declarations", ())])
        return {name: [f for f in some if not self.is_taken_back(f, undone)] for name, some in found.items()}

    def undone(self, declarations):
        undoing = {d.declaration_id: d.undoes for d in declarations if d.undoes}
        found = set()
        for number in sorted(undoing, reverse=True):  # in these histories whatever undoes has the higher number
            if number not in found:
                found.add(undoing[number])
        return found

    def is_taken_back(self, fact, undone):
        said = TABLES[fact.table].but_how_it_went_on
        return any(
            one.key == fact.key and said(one.row) == said(fact.row)
            for one in self.facts
            if one.retracts and one.source == "entered" and one.table == fact.table
            if one.recorded <= self.at and one.control not in undone
        )

    def last(self, name):
        """The last version of each key, also if it was taken back."""
        versions = {}
        for fact in self.facts:
            if fact.table == name and not fact.retracts and self.known(fact) <= self.at:
                versions.setdefault(fact.key, []).append(fact)
        return [max(some, key=self.order) for _, some in sorted(versions.items())]

    def of_table(self, name):
        versions = {}
        for fact in self.facts:
            if fact.table == name and self.known(fact) <= self.at and not (fact.retracts and fact.source == "entered"):
                versions.setdefault(fact.key, []).append(fact)
        last = [max(some, key=self.order) for _, some in sorted(versions.items())]
        return [Named(f.fact, f.key, self.blanked(f)) for f in last if not f.retracts]

    def zone(self, fact):
        default = next(iter(self.zones.values()), ZoneInfo("UTC"))
        facility = getattr(fact.row, "facility_id", None)
        if facility in self.zones:
            return self.zones[facility]
        for column, table in PARENTS.items():
            if table == fact.table or table not in self.parents:
                continue
            parent = self.parents[table].get(getattr(fact.row, column, None))
            if parent:
                return self.zone(parent)
        return default

    def since(self, fact):
        """When what the row hangs on was known; None when it is not known."""
        times = []
        for column, table in PARENTS.items():
            named = getattr(fact.row, column, None)
            if table == fact.table or table not in self.parents or named is None:
                continue
            if table == "isolates" and getattr(fact.row, "specimen_id", None):
                continue
            if named not in self.parents[table]:
                return None
            parent = self.parents[table][named]
            times.append(max(self.happened(parent) or LONG_AGO, self.since(parent) or LONG_AGO))
        return max(times, default=LONG_AGO)

    def happened(self, fact):
        table = TABLES[fact.table]
        for name in table.known_from:
            when = getattr(fact.row, name)
            if when is not None:
                return self.over(when, fact) if table.versions_by else when.earliest(self.zone(fact))
        return None

    def known(self, fact):
        if fact.table == "facilities":
            return LONG_AGO
        site = getattr(fact.row, "facility_id", None)
        if site and site not in self.zones and fact.table != "declarations":
            return datetime.max.replace(tzinfo=ZoneInfo("UTC"))
        happened = self.happened(fact)
        if happened is None:
            happened = self.since(fact)
        if happened is None:
            return datetime.max.replace(tzinfo=ZoneInfo("UTC"))
        return max(happened, fact.recorded or LONG_AGO)

    def over(self, when, fact):
        zone = self.zone(fact)
        return when.at or end_of_day(when.day(zone), zone)

    def order(self, fact):
        table, row = TABLES[fact.table], fact.row
        said = getattr(row, table.versions_by) if table.versions_by else None
        sent = None if table.versions_by else fact.sent
        time = fact.recorded or (self.over(said, fact) if said else sent) or LONG_AGO
        own = [getattr(row, name) for name in (*table.known_from, *table.until_known)]
        moments = [self.over(when, fact) for when in own if when]
        status, found = getattr(row, "status", None), getattr(row, "found", None)
        return (
            fact.recorded is not None and not table.versions_by,
            time,
            fact.sent or LONG_AGO,
            max(moments, default=LONG_AGO),
            list(ResultStatus).index(status) if isinstance(status, ResultStatus) else 0,
            CARE.index(found) if isinstance(found, Found) else -1,
            fact.control,
            f"{digest_of(table.texts(row))}{fact.retracts}",
        )

    def blanked(self, fact):
        later = {}
        for name in TABLES[fact.table].until_known:
            when = getattr(fact.row, name)
            if when is not None and self.over(when, fact) > self.at:
                later[name] = None
        return replace(fact.row, **later)

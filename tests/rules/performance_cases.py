"""Hand-made subjects for the rules of the pack ``performance``."""

import msgspec

from medpro_audit.model.subjects import Subject
from medpro_audit.model.subjects.facets.caching import Caching
from medpro_audit.model.subjects.heavy_import import HeavyImport
from medpro_audit.model.subjects.performance_setup import PerformanceSetup
from medpro_audit.model.subjects.query import IndexNeed, Query, Repetition
from medpro_audit.model.subjects.slow_call import SlowCall
from rules.builders import build

_QUERY = Query(
    file="visits.js",
    line=7,
    backend=".",
    role="server",
    via="sql",
    kind="select",
    statement="SELECT id FROM visits WHERE patient_id = ? LIMIT 5",
    run_by="query",
    dialect="mysql",
    tables=("visits",),
    selects_all=False,
    has_limit=True,
    rows="some",
    wildcards=(),
    functions=(),
    where_columns=("patient_id",),
    repetition=Repetition(in_loop=False),
    answers=("GET /visits",),
    index=IndexNeed(missing=False),
)
_CALL = SlowCall("users.js", 7, ".", "server", "hash", "hash", blocks=False)
_SETUP = PerformanceSetup("server.js", 3, ".", compresses=True, caches=True, cache="redis", reads=2, cached_reads=1)
_IMPORT = HeavyImport("calendar.js", 1, ".", "googleapis", "load less", at_startup=False, milliseconds=1500)


def _query(**changes: object) -> Query:
    return msgspec.structs.replace(_QUERY, **changes)


def _endpoint(status: str, *, is_same: bool | None = True) -> Subject:
    caching = msgspec.convert({"status": status, "queries": 1, "is_same_for_all": is_same}, Caching)
    return build.endpoint(caching=caching)


_ALL = {"rows": "all", "has_limit": False}
_LACKING = IndexNeed(missing=True, statements=("CREATE INDEX i ON t (a)",))
_LACKING_BY_KEY = msgspec.structs.replace(_LACKING, is_by_key=True)
_IN_LOOP = Repetition(in_loop=True, loop="visits.js:5")
_IN_TRANSACTIONS = msgspec.structs.replace(_IN_LOOP, is_transaction=True)
_BESIDE_ANOTHER = msgspec.structs.replace(_IN_LOOP, asks_outside=True)
_SERVED = ("GET /visits",)

HOLDS: list[tuple[str, Subject]] = [
    ("performance/missing-index", _query()),
    ("performance/unbounded-list", _query()),
    ("performance/unbounded-list", _query(rows="all")),
    ("performance/unserved-statement", _query()),
    ("performance/unserved-statement", _query(index=_LACKING_BY_KEY)),
    ("performance/missing-index", _query(index=_LACKING)),
    ("performance/query-in-loop", _query(endpoints=_SERVED)),
    ("performance/query-in-batch", _query()),
    ("performance/update-in-loop", _query(kind="update", has_own_values=True)),
    ("performance/select-all", _query()),
    ("performance/leading-wildcard", _query()),
    ("performance/function-on-column", _query(endpoints=("GET /visits",))),
    ("performance/blocking-call", _CALL),
    ("performance/blocking-file-access", msgspec.structs.replace(_CALL, name="readFile", work="file")),
    ("performance/blocking-file-check", msgspec.structs.replace(_CALL, name="access", work="lookup")),
    ("performance/missing-cache", _SETUP),
    ("performance/missing-compression", _SETUP),
    ("performance/uncached-answer", _endpoint("cached")),
    ("performance/heavy-startup-import", _IMPORT),
]

BROKEN: list[tuple[str, Subject]] = [
    ("performance/missing-index", _query(index=_LACKING_BY_KEY)),
    ("performance/unserved-statement", _query(index=_LACKING)),
    ("performance/unbounded-list", _query(**_ALL)),
    ("performance/query-in-loop", _query(endpoints=_SERVED, repetition=_IN_LOOP)),
    ("performance/query-in-batch", _query(repetition=_IN_LOOP)),
    ("performance/query-in-batch", _query(endpoints=_SERVED, repetition=_IN_TRANSACTIONS)),
    ("performance/update-in-loop", _query(kind="update", has_own_values=True, repetition=_IN_LOOP)),
    ("performance/query-in-loop", _query(via="orm", dialect=None, endpoints=_SERVED, repetition=_IN_LOOP)),
    ("performance/select-all", _query(selects_all=True)),
    ("performance/leading-wildcard", _query(wildcards=("name LIKE '%a'",))),
    ("performance/function-on-column", _query(functions=("DATE(starts_at)",), endpoints=("GET /visits",))),
    ("performance/blocking-call", msgspec.structs.replace(_CALL, name="hashSync", blocks=True)),
    ("performance/blocking-file-access", msgspec.structs.replace(_CALL, name="cpSync", work="file", blocks=True)),
    ("performance/blocking-file-check", msgspec.structs.replace(_CALL, name="statSync", work="lookup", blocks=True)),
    ("performance/missing-cache", msgspec.structs.replace(_SETUP, caches=False)),
    ("performance/missing-compression", msgspec.structs.replace(_SETUP, compresses=False)),
    ("performance/uncached-answer", _endpoint("uncached")),
    ("performance/heavy-startup-import", msgspec.structs.replace(_IMPORT, at_startup=True)),
]

UNKNOWN: list[tuple[str, Subject]] = [
    ("performance/missing-index", _query(index=IndexNeed(reason="no schema"))),
    ("performance/unserved-statement", _query(index=IndexNeed(reason="no schema"))),
    ("performance/unbounded-list", _query(rows="all", has_limit=None)),
    ("performance/query-in-loop", _query(endpoints=_SERVED, repetition=Repetition())),
    ("performance/query-in-loop", _query(endpoints=_SERVED, is_remote=None, repetition=_IN_LOOP)),
    ("performance/select-all", _query(selects_all=None)),
    ("performance/leading-wildcard", _query(wildcards=None)),
    ("performance/function-on-column", _query(functions=None, endpoints=("GET /visits",))),
    ("performance/missing-cache", msgspec.structs.replace(_SETUP, caches=None)),
    ("performance/missing-compression", msgspec.structs.replace(_SETUP, compresses=None)),
    ("performance/uncached-answer", _endpoint("unknown")),
]

LEFT_ALONE: list[tuple[str, Subject]] = [
    ("performance/query-in-loop", _query(repetition=_IN_LOOP, file="db/migrations/1.js")),
    ("performance/unbounded-list", _query(**_ALL, run_by="")),
    ("performance/unbounded-list", _query(**_ALL, tables=("sqlite_master",))),
    ("performance/missing-index", _query(is_remote=False, index=_LACKING_BY_KEY)),
    ("performance/missing-index", _query(role="test", index=IndexNeed(missing=True))),
    ("performance/missing-index", _query(where_columns=(), has_limit=False, index=IndexNeed(missing=False))),
    ("performance/unbounded-list", _query(**_ALL, answers=())),
    ("performance/query-in-loop", _query(endpoints=_SERVED, is_remote=False, repetition=_IN_LOOP)),
    (
        "performance/query-in-loop",
        _query(endpoints=_SERVED, repetition=msgspec.structs.replace(_IN_LOOP, asks_outside=True)),
    ),
    ("performance/query-in-loop", _query(endpoints=_SERVED, kind="update", has_own_values=True, repetition=_IN_LOOP)),
    ("performance/update-in-loop", _query(repetition=_IN_LOOP)),
    ("performance/query-in-loop", _query(repetition=_IN_LOOP)),
    ("performance/query-in-loop", _query(endpoints=_SERVED, repetition=_IN_TRANSACTIONS)),
    ("performance/query-in-batch", _query(endpoints=_SERVED, repetition=_IN_LOOP)),
    ("performance/query-in-loop", _query(endpoints=_SERVED, role="script", repetition=_IN_LOOP)),
    ("performance/function-on-column", _query(functions=("DATE(starts_at)",))),
    ("performance/select-all", _query(kind="insert")),
    ("performance/leading-wildcard", _query(via="orm", wildcards=None)),
    ("performance/blocking-call", msgspec.structs.replace(_CALL, work="lookup", blocks=True)),
    ("performance/blocking-call", msgspec.structs.replace(_CALL, work="file", blocks=True)),
    ("performance/missing-cache", msgspec.structs.replace(_SETUP, reads=0, caches=False)),
    ("performance/uncached-answer", _endpoint("uncached", is_same=False)),
]

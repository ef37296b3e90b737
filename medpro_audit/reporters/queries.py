"""The SQL statements of a repository with what is found of each: for people and for programs."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from medpro_audit.model.sql.plans import Plan
from medpro_audit.model.subjects.query import Query
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import count
from medpro_audit.reporters.terminal import Style, Terminal, joined

Plans = Mapping[Query, Plan]
_INDENT = "  "
_PLANS = {
    "confirmed": "EXPLAIN confirms it",
    "refuted": "EXPLAIN says otherwise",
    "scan": "EXPLAIN: the whole table is read, no index could serve",
    "served": "EXPLAIN: an index serves",
}


def render_queries(queries: Sequence[Query], plans: Plans, options: RenderOptions) -> str:
    """Every SQL statement of server code, with remarks."""
    terminal = Terminal.of(options)
    shown = _shown(queries)
    lines: list[str] = []
    for query in shown:
        lines += [*([""] if lines else []), *terminal.paragraph(f"{query.file}:{query.line}", style="accent")]
        lines += terminal.paragraph(query.text, first=_INDENT, rest=_INDENT)
        for text, style in query_remarks(query, plans.get(query)):
            lines += terminal.paragraph(text, first=_INDENT, rest=_INDENT, style=style)
    return joined([*lines, "", *terminal.paragraph(_summary(shown, plans), style="strong")])


def render_queries_json(queries: Sequence[Query], plans: Plans) -> str:
    """The same for programs; ``plan`` is null where no server was asked."""
    found = [{**msgspec.structs.asdict(query), "plan": plans.get(query)} for query in _shown(queries)]
    return encode({"schema_version": 1, "queries": found})


def query_remarks(query: Query, plan: Plan | None) -> Iterator[tuple[str, Style]]:
    """What is to be said of a statement, each with how it is shown."""
    for text in _faults(query):
        yield text, "warning"
    for statement in query.index.statements:
        yield f"no index serves it: {statement}", "broken"
    if query.index.missing is False and query.is_compared:
        yield "an index serves it", "holds"
    elif query.index.missing is None:
        yield f"index unknown: {query.index.reason}", "unknown"
    if plan is not None:
        yield _plan_text(plan), "none"
    if query.endpoints:
        yield _served(query.endpoints), "none"


def _faults(query: Query) -> Iterator[str]:
    if query.selects_all:
        yield "SELECT *"
    if query.answers_get and query.kind == "select" and query.is_bounded is False:
        yield "answers a GET request with all rows"
    if query.repetition.in_loop and query.is_remote:
        yield f"runs once for each element of the loop at {query.repetition.loop}"
    for wildcard in query.wildcards or ():
        yield f"{wildcard}: the pattern begins with %"
    for function in query.functions or ():
        yield f"{function} keeps an index on the column from being used"


def _plan_text(plan: Plan) -> str:
    if plan.verdict == "undecided":
        return f"EXPLAIN failed: {plan.reason}"
    read = ", ".join(
        f"{access.table} {access.kind}{f' {access.key}' if access.key else ''}" for access in plan.accesses
    )
    return f"{_PLANS[plan.verdict]} ({read or 'no table is read'})"


def _served(endpoints: Sequence[str]) -> str:
    others = f" and {len(endpoints) - 1} more" if len(endpoints) > 1 else ""
    return f"for {endpoints[0]}{others}"


def _shown(queries: Sequence[Query]) -> list[Query]:
    return [query for query in queries if query.via == "sql" and query.role == "server"]


def _summary(queries: Sequence[Query], plans: Plans) -> str:
    missing = sum(bool(query.index.missing) for query in queries)
    unknown = sum(query.index.missing is None for query in queries)
    told = f"{count(len(queries), 'SQL statement')}; {missing} without an index, {unknown} unknown"
    if not plans:
        return told
    confirmed, refuted = (sum(plan.verdict == word for plan in plans.values()) for word in ("confirmed", "refuted"))
    return f"{told}; of {len(plans)} explained, {confirmed} confirmed and {refuted} refuted"

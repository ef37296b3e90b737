"""The oracle: what it reads from a running application, and how it words a difference."""

import msgspec
import pytest
from msgspec.structs import replace

import oracle
from oracle import VERSIONS, ExpressVersion, Handler, Middleware, Part, Row

LOGIN = Middleware("requireLogin", "app.js", 4, "application")
CHECK = Middleware("validate", "app.js", 9, "route")
ROW = Row(
    "GET",
    "/patients/:id",
    "app.js",
    9,
    middleware=(LOGIN, CHECK),
    handler=Handler("show", "patients.js", 3),
    conditional=False,
)


def rows_of(fixture: str, express: ExpressVersion) -> dict[str, Row]:
    """Rows of a fixture by method and path."""
    return {row.identity: row for row in oracle.dump(oracle.FIXTURES / fixture, express=express)}


def names(row: Row) -> list[str | None]:
    """Names of its middleware, in order."""
    return [one.name for one in row.middleware]


@pytest.mark.node
@pytest.mark.parametrize("express", VERSIONS)
def test_dump_tells_places_chain_and_handler(express: ExpressVersion) -> None:
    """An endpoint in a router of its own file has its whole path, its chain in order, and its handler's own place."""
    rows = oracle.dump(oracle.FIXTURES / "router-own-file", express=express)
    create = next(row for row in rows if row.identity == "POST /appointments")
    assert create.place == "routes/appointments.js:10"
    assert [(one.name, one.file, one.line, one.scope) for one in create.middleware] == [
        ("express.json", "server.js", 5, "application"),
        ("requireLogin", "routes/appointments.js", 7, "router"),
    ]
    assert create.handler == Handler("controller.create", "controllers/appointments.js", 13)


@pytest.mark.node
@pytest.mark.parametrize("express", VERSIONS)
def test_chain_ends_at_the_registration_and_at_its_path(express: ExpressVersion) -> None:
    """What is registered later, below another path or in a sibling router is not in the chain."""
    later = rows_of("registered-later", express)
    assert names(later["GET /open"]) == []
    assert names(later["GET /closed"]) == ["guard"]
    assert names(later["GET /late/after"]) == ["guard", "audit", "audit"]
    scoped = rows_of("path-scoped-use", express)
    assert names(scoped["GET /administration"]) == []
    assert names(scoped["GET /admin/users"]) == ["requireAdmin"]
    assert names(rows_of("sibling-routers", express)["GET /visitors/hours"]) == []


@pytest.mark.node
@pytest.mark.parametrize("express", VERSIONS)
def test_handler_is_the_function_that_does_the_work(express: ExpressVersion) -> None:
    """Wrappers, bind and functions that only pass the request on are looked through."""
    wrapped = rows_of("async-wrapper", express)
    assert wrapped["DELETE /patients/:id"].handler == Handler("patients.remove", "patients.controller.js", 11)
    bound = rows_of("controller-class-bind", express)
    assert bound["GET /invoices"].handler == Handler("billing.list", "billing.controller.js", 7)
    delegated = rows_of("handler-delegates", express)["GET /samples/:id"].handler
    assert (delegated.file, delegated.line) == ("LabController.js", 12)


@pytest.mark.node
@pytest.mark.parametrize("express", VERSIONS)
def test_what_is_not_a_plain_route_is_told_apart(express: ExpressVersion) -> None:
    """Functions that answer under ``use()``, routers mounted nowhere, and error handlers, which are in no chain."""
    answers = rows_of("use-answers", express)
    assert {row.path for row in answers.values() if row.kind == "use"} == {
        "/health",
        "/version",
        "/metrics",
        "/help/docs",
    }
    orders = rows_of("unmounted-router", express)["GET /pharmacy/orders"]
    assert (orders.mounted, names(orders)) == (False, ["express.json"])
    assert names(rows_of("error-handlers", express)["GET /late"]) == []


@pytest.mark.node
def test_environments_make_conditions() -> None:
    """What only some environments register is conditional, endpoints and middleware alike."""
    rows = {row.identity: row for row in oracle.dump(oracle.FIXTURES / "conditional-registration")}
    assert {identity for identity, row in rows.items() if not row.conditional} == {"GET /status", "POST /visits"}
    assert [one.conditional for one in rows["GET /status"].middleware] == [True]


def test_equal_rows_have_no_difference() -> None:
    """Slashes at the end, and names that Express can't tell, make no difference."""
    nameless = replace(ROW, path="/patients/:id/", middleware=(replace(LOGIN, name=None), CHECK))
    assert oracle.compare([ROW], [ROW]) == []
    assert oracle.compare([nameless], [ROW]) == []


@pytest.mark.parametrize(
    ("found", "difference"),
    [
        ([], "missing: GET /patients/:id at app.js:9"),
        ([replace(ROW, line=8)], "GET /patients/:id: place is app.js:9, found app.js:8"),
        ([replace(ROW, conditional=True)], "GET /patients/:id: conditional is False, found True"),
        ([replace(ROW, mounted=False)], "GET /patients/:id: mounted is True, found False"),
        ([replace(ROW, handler=Handler())], "GET /patients/:id: handler is show (patients.js:3), found ? (None:None)"),
        (
            [replace(ROW, middleware=(CHECK,))],
            "GET /patients/:id: chain lacks requireLogin (app.js:4, application, /)",
        ),
        (
            [replace(ROW, middleware=(LOGIN, LOGIN, CHECK))],
            "GET /patients/:id: chain has requireLogin (app.js:4, application, /) too many",
        ),
        (
            [replace(ROW, middleware=(replace(LOGIN, mount="/x"), CHECK))],
            "GET /patients/:id: chain has requireLogin (app.js:4, application, /x) too many",
        ),
        (
            [replace(ROW, middleware=(LOGIN, replace(CHECK, name="validated")))],
            "GET /patients/:id: own middleware lacks validate (app.js:9, route, /)",
        ),
    ],
)
def test_a_difference_is_named(found: list[Row], difference: str) -> None:
    """Each kind of difference yields its own line."""
    assert difference in oracle.compare([ROW], found)


def test_order_and_repetition_count() -> None:
    """The chain is compared in order, and the same endpoint registered twice is two."""
    two = replace(ROW, middleware=(LOGIN, replace(LOGIN, name="audit", line=5)))
    turned = replace(two, middleware=two.middleware[::-1])
    assert oracle.compare([two], [turned]) == [
        "GET /patients/:id: chain is in the order requireLogin, audit, found audit, requireLogin"
    ]
    assert oracle.compare([ROW], [ROW, ROW]) == ["extra: GET /patients/:id at app.js:9"]


def test_rows_are_read_from_the_tool() -> None:
    """The JSON of ``medpro-audit endpoints`` decodes to the same rows, whatever else it holds."""
    content = msgspec.to_builtins(ROW) | {"reads": ["params"], "validation": {"params": {"status": "missing"}}}
    output = msgspec.json.encode({"schema_version": 1, "endpoints": [content]})
    rows = oracle.extracted(output)
    assert oracle.compare([ROW], rows) == []
    assert oracle.compare_validation({ROW.identity: {"params": Part("validated")}}, rows) == [
        "GET /patients/:id: params is validated, found missing"
    ]

"""What the program asks of request data before it comes to something dangerous: it may have been turned away."""

import pytest

from model.flowing import flows


def test_a_function_that_by_its_name_checks_may_itself_do_the_harm() -> None:
    """What is given to it counts as checked when it has ended."""
    head = "const checkServer = async (url) => fetch(url + '/status');"
    found = flows(f"{head} app.post('/x', async (req, res) => {{ await checkServer(req.body.url); }});")
    assert [flow.status for flow in found if flow.kind == "url"] == ["tainted"]


@pytest.mark.parametrize(
    ("before", "status"),
    [
        ("enforce(kind in KINDS && KINDS[kind].files && KINDS[kind].files[part], 'no');", "unknown"),
        ("enforce(KINDS[kind].files[part]);", "unknown"),
        ("const found = KINDS[kind]; if (!found || !found.files[part]) return res.sendStatus(404);", "unknown"),
        (
            "const found = KINDS[kind]; const file = found && found.files[part]; if (!file) throw 'no';",
            "unknown",
        ),
        ("if (!KINDS[kind]?.files?.[part]) return res.sendStatus(404);", "unknown"),
        ("const file = KINDS[kind].files[part]; if (file === undefined) throw new Error('no');", "unknown"),
        ("const file = KINDS[kind].files[part]; log(file);", "tainted"),
        ("const found = KINDS[kind]; if (!found) return res.sendStatus(404);", "tainted"),
    ],
)
def test_what_is_found_in_a_table_is_a_key_of_it(before: str, status: str) -> None:
    """However deep, wherever it is kept, and whoever asks whether it was found; for each key on its own."""
    head = (
        "const fs = require('fs'); const KINDS = { scan: { files: { a: { max: 1 }, b: { max: 2 } } },"
        " letter: { files: { c: { max: 3 } } } };"
        "function enforce(holds, message) { if (!holds) throw new Error(message); }\n"
    )
    body = f"const {{ kind, part }} = req.params; {before} fs.readFileSync('/files/' + kind + '/' + part);"
    found = flows(f"{head} app.get('/:kind/:part', (req, res) => {{ {body} }});")
    assert [flow.status for flow in found] == [status]


@pytest.mark.parametrize(
    ("has", "status"),
    [
        ("Object.prototype.hasOwnProperty.call(KINDS, req.params.id)", "unknown"),
        ("Object.hasOwn(KINDS, req.params.id)", "unknown"),
        ("MAP.get(req.params.id)", "unknown"),
        ("MAP.get('scan')", "tainted"),
    ],
)
def test_a_table_is_asked_in_several_ways(has: str, status: str) -> None:
    """By a function for that, or a map."""
    head = "const KINDS = { scan: 1, letter: 2 }; const MAP = new Map([['scan', { max: 1 }], ['letter', { max: 2 }]]);"
    body = f"const found = {has}; if (!found) return res.sendStatus(404); require('fs').readFileSync(req.params.id);"
    found = flows(f"{head} app.get('/:id', (req, res) => {{ {body} }});")
    assert [flow.status for flow in found] == [status]


@pytest.mark.parametrize(
    ("middleware", "status"),
    [
        ("(req, res, next) => { req.body.file = req.file; next(); }", "unknown"),
        (
            "(q, r, next) => upload.single('a')(q, r, (e) => { if (e) return next(e); q.body.file = q.file; next(); })",
            "unknown",
        ),
        ("(req, res, next) => { if (req.file) req.body.file = req.file; next(); }", "tainted"),
        ("(req, res, next) => { req.body.file = { path: req.body.path }; next(); }", "tainted"),
        ("(req, res, next) => { req.body.other = req.file; next(); }", "tainted"),
    ],
)
def test_a_field_that_a_middleware_replaces_is_not_what_was_sent(middleware: str, status: str) -> None:
    """Only where it does so whenever it passes the request on, and with something else."""
    head = "const multer = require('multer'); const upload = multer({ dest: 'uploads' });"
    found = flows(f"{head} app.post('/x', {middleware}, (req, res) => require('fs').rmSync(req.body.file.path));")
    assert [flow.status for flow in found] == [status]


@pytest.mark.parametrize(
    ("before", "status"),
    [
        ("if (isPrivate(new URL(host).hostname)) return res.sendStatus(400);", "unknown"),
        ("if (isPrivate('10.0.0.1')) return res.sendStatus(400);", "tainted"),
        ("const known = await User.hosts(); if (known.indexOf(host) < 0) return res.sendStatus(400);", "unknown"),
        ("const known = await User.hosts(); if (known.length === 0) return res.sendStatus(400);", "tainted"),
        ("if (!/^https?:\\/\\//i.test(host)) return res.sendStatus(400);", "tainted"),
        ("if (!host.startsWith('https://')) return res.sendStatus(400);", "tainted"),
        ("if (!host.startsWith('https://clinic.example')) return res.sendStatus(400);", "unknown"),
        ("if (!/^https:\\/\\/clinic/.test(host)) return res.sendStatus(400);", "unknown"),
        ("if (!acme.isUrl(host)) return res.sendStatus(400);", "tainted"),
        (
            "const isValidUrl = (u) => Boolean(new URL(u)); if (!isValidUrl(host)) return res.sendStatus(400);",
            "tainted",
        ),
    ],
)
def test_an_address_that_is_held_against_something_may_be_allowed(before: str, status: str) -> None:
    """By a function that is given its host, or since a list that a database returns holds it; any may have a scheme."""
    head = "const isPrivate = (host) => host.startsWith('10.');"
    body = f"const host = req.body.host; {before} await fetch(`${{host}}/version`);"
    found = flows(f"{head} app.post('/x', async (req, res) => {{ {body} }});")
    assert [flow.status for flow in found if flow.kind == "url"] == [status]


@pytest.mark.parametrize(
    ("handler", "status"),
    [
        ("const p = path.join('/files', req.body.f); if (isInside(p, '/files')) fs.readFileSync(p);", "unknown"),
        ("const p = path.join('/files', req.body.f); if (inner(p)) fs.readFileSync(p);", "unknown"),
        ("if (tables[req.body.f]) fs.readFileSync('/files/' + req.body.f);", "unknown"),
        ("if (req.body.f === 'a' || req.body.f === 'b') fs.readFileSync('/files/' + req.body.f);", "unknown"),
        ("if (req.body.f === 'a') log(); fs.readFileSync('/files/' + req.body.f);", "tainted"),
        ("if (req.body.f === 'a' || req.body.g) fs.readFileSync('/files/' + req.body.f);", "tainted"),
        ("fs.readFileSync(path.join('/files', req.body.f));", "tainted"),
    ],
)
def test_a_path_that_is_held_against_something_may_be_allowed(handler: str, status: str) -> None:
    """By a function with such a name, by where it lies, as a key of a table, or since it is a constant there."""
    head = (
        "const fs = require('fs'); const path = require('path'); const tables = require('./tables');"
        "const inner = (p) => { const way = path.relative('/files', p); return way && !way.startsWith('..'); };"
        "const isInside = (one, other) => one.startsWith(other);\n"
    )
    (flow,) = [flow for flow in flows(f"{head}app.post('/x', (req, res) => {{ {handler} }});") if flow.kind == "path"]
    assert flow.status == status


@pytest.mark.parametrize(
    ("listing", "gain"),
    [
        ("app.get('/users', (req, res) => User.find({}).then((all) => res.json(all)));", "list"),
        (
            "app.get('/u', (req) => { const f = {}; if (req.query.q) f.name = String(req.query.q); User.find(f); });",
            "list",
        ),
        ("app.get('/users', (req, res) => User.find({ name: String(req.query.q) }));", "record"),
        ("app.get('/users', guard, (req, res) => User.find({}).then((all) => res.json(all)));", "record"),
        ("app.get('/users', (req, res) => Ward.find({}).then((all) => res.json(all)));", "record"),
    ],
)
def test_a_record_of_a_list_that_anyone_may_have_is_nothing_gained(listing: str, gain: str) -> None:
    """Its key is known to all; of a list behind a guard, or of another model, it isn't."""
    head = (
        "const jwt = require('jsonwebtoken'); const Ward = mongoose.model('Ward', {});"
        "const guard = (req, res, next) => { jwt.verify(req.headers.authorization, 'k'); next(); };"
    )
    found = flows(f"{head} {listing} app.post('/x', (req, res) => {{ User.findOne({{ name: req.body.name }}); }});")
    assert [flow.gain for flow in found if flow.kind == "filter" and flow.method == "POST"] == [gain]


@pytest.mark.parametrize(
    ("own", "kinds"),
    [
        ("Setting.statics.update = function (values) { return this.findOne(); };", []),
        ("Setting.static('update', (values) => null);", []),
        ("Setting.statics.updateAll = (values) => null;", ["document", "filter"]),
        ("Setting.methods.update = (values) => null;", ["document", "filter"]),
    ],
)
def test_a_method_of_a_model_may_be_the_programs_own(own: str, kinds: list[str]) -> None:
    """A static one takes the place of that which Mongoose has."""
    head = f"const Setting = new mongoose.Schema({{}}); {own} const Settings = mongoose.model('Setting', Setting);"
    found = flows(f"{head} app.put('/x', (req, res) => {{ Settings.update(req.body, req.body); }});")
    assert sorted(flow.kind for flow in found) == kinds


@pytest.mark.parametrize(
    ("path", "is_start"),
    [("req.body.folder", True), ("path.join(req.body.folder, 'x')", True), ("path.join('/x', req.body.folder)", False)],
)
def test_a_path_may_be_chosen_whole(path: str, *, is_start: bool) -> None:
    """Where nothing of the program's own stands before it."""
    found = flows(f"const path = require('path'); app.put('/x', (req) => require('fs').mkdirSync({path}));")
    assert [flow.is_start for flow in found] == [is_start]


@pytest.mark.parametrize(
    ("handler", "lines"),
    [
        ("fs.mkdirSync(req.body.a);\nfs.rmSync(req.body.a);", [1]),
        ("fs.mkdirSync(req.body.a);\nfs.rmSync('/x/' + req.body.a);", [2]),
        ("fs.mkdirSync(req.body.a);\nfs.rmSync(req.body.b);", [1, 2]),
    ],
)
def test_several_paths_of_the_same_are_told_once(handler: str, lines: list[int]) -> None:
    """One check mends them all; what leads out of a folder is worse than what is chosen whole."""
    found = flows(f"const fs = require('fs'); app.put('/x', (req) => {{\n{handler}\n}});")
    first = min(
        flow.line for flow in flows("const fs = require('fs'); app.put('/x', (req) => {\nfs.rmSync(req.body.a);\n});")
    )
    assert [flow.line - first + 1 for flow in found] == lines


def test_what_a_record_is_saved_with_is_no_record() -> None:
    """Mongoose takes options there, drivers the record."""
    saved = flows("app.post('/x', (req) => new User({ name: 'x' }).save(req.body));")
    assert [flow.status for flow in saved if flow.kind == "document"] == []
    stored = flows("const db = require('mongojs')('x'); app.post('/x', (req) => db.collection('a').save(req.body));")
    assert [flow.status for flow in stored if flow.kind == "document"] == ["tainted"]

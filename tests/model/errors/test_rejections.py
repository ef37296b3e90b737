"""What an asynchronous handler waits for, and whether that can be rejected."""

import pytest

from model.memory import repository

_PACKAGE = '{"dependencies": {"express": "^4.21.0", "axios": "1.0.0"}}'
_SERVER = """
const axios = require('axios');
const service = require('./service');
const app = require('express')();
app.get('/a', async (req, res) => { res.json(await service.ask(req.query.url)); });
"""
_SAFE = "class Safe { async ask(url) { try { return await axios.get(url); } catch { return 0; } } }"
_BOLD = "class Bold { async ask(url) { return (await axios.get(url)).data; } }"


@pytest.mark.parametrize(
    ("made", "caught_by"),
    [
        ("new Safe()", "handler"),
        ("new Bold()", "nothing"),
        ("process.env.OLD ? new Safe() : new Safe()", "handler"),
        ("process.env.OLD ? new Safe() : new Bold()", "nothing"),
        ("(() => { if (process.env.OLD) return new Safe(); return new Safe(); })()", "handler"),
    ],
)
def test_each_of_several_functions_may_be_called(made: str, caught_by: str) -> None:
    """Where none of them can be rejected, nothing needs to be caught."""
    service = f"const axios = require('axios');\n{_SAFE}\n{_BOLD}\nmodule.exports = {made};\n"
    [endpoint] = repository({"package.json": _PACKAGE, "server.js": _SERVER, "service.js": service}).endpoints
    assert endpoint.errors.caught_by == caught_by


_RESULTS = """
const { ResultAsync, okAsync, errAsync } = require('neverthrow');
const to = require('await-to-js').default;
const axios = require('axios');
const load = (url) => ResultAsync.fromPromise(axios.get(url), (error) => new Error('no')).andThen((found) => {
  if (!found) return errAsync(new Error('none'));
  return okAsync(found.data);
});
const wrapped = ResultAsync.fromThrowable(axios.get, () => new Error('no'));
const either = (url) => (url ? load(url) : errAsync(new Error('no url')));
const told = (promise) => promise.then((data) => [null, data]).catch((error) => [error]);
const refused = (url) => { if (!url) throw new Error('no url'); return load(url); };
"""


@pytest.mark.parametrize(
    ("waited", "caught_by"),
    [
        ("await load(url)", "handler"),
        ("await load(url).map((data) => data.id).mapErr((error) => error.message)", "handler"),
        ("await load(url).andThen((data) => load(data.next)).match((data) => data, () => null)", "handler"),
        ("await either(url).unwrapOr(null)", "handler"),
        ("await ResultAsync.combine([load(url), okAsync(1)])", "handler"),
        ("await wrapped(url)", "handler"),
        ("await to(axios.get(url))", "handler"),
        ("await told(axios.get(url))", "handler"),
        ("await load(url).map(async (data) => await axios.get(data.next))", "nothing"),
        ("await load(url).map(async (data) => { try { await axios.get(data.next); } catch { data = 0; } })", "handler"),
        ("await refused(url)", "nothing"),
        ("await axios.get(url)", "nothing"),
        ("await load(url).map((data) => data.id), await axios.get(url)", "nothing"),
    ],
)
def test_what_resolves_to_a_failure_is_not_rejected(waited: str, caught_by: str) -> None:
    """Beside it, what is rejected still is, in an asynchronous callback as well."""
    handler = f"async (req, res) => {{ const url = req.query.url; const it = [{waited}]; res.json(it); }}"
    source = f"{_RESULTS}const app = require('express')();\napp.get('/a', {handler});"
    [endpoint] = repository({"package.json": _PACKAGE, "server.js": source}).endpoints
    assert endpoint.errors.caught_by == caught_by


@pytest.mark.parametrize(
    ("body", "caught_by"),
    [
        ("const one = await made.load(url); if (one.isErr()) return res.sendStatus(500);", "handler"),
        ("const one = await made.load(url).map((x) => x.id); if (one.isOk()) return res.json(one.value);", "handler"),
        ("const one = await made.load(url); if (one.failed) return res.sendStatus(500);", "nothing"),
        ("const one = await made.load(url); const two = await made.load(url); if (one.isErr()) return;", "nothing"),
        ("const one = await thrower(url); if (one.isErr()) return res.sendStatus(500);", "nothing"),
    ],
)
def test_what_is_asked_whether_it_failed_tells_by_its_value(body: str, caught_by: str) -> None:
    """That decides only where it isn't known what makes the promise."""
    handler = f"async (req, res) => {{ const url = req.query.url; const made = service(url); {body} res.end(); }}"
    thrower = "const thrower = async (url) => { const { data } = await axios.get(url); return okAsync(data); };"
    source = f"{_RESULTS}{thrower}const app = require('express')();\napp.get('/a', {handler});"
    [endpoint] = repository({"package.json": _PACKAGE, "server.js": source}).endpoints
    assert endpoint.errors.caught_by == caught_by

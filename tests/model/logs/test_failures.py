"""What becomes of a caught error: logged, handed on, or swallowed."""

import pytest

from model.memory import repository

LOG = "const log = require('pino')();\n"


def logs_error(body: str, head: str = "catch (err)") -> bool:
    """Whether the log calls of a catch clause tell the error."""
    source = f"{LOG}async function f(next, res) {{ try {{ await g(); }} {head} {{ {body} }} }}"
    found = repository({"x.js": source}).log_calls
    assert found
    assert all(call.in_catch for call in found)
    return all(call.logs_error for call in found)


@pytest.mark.parametrize(
    "body",
    [
        "log.error(err);",
        "log.error({ err }, 'failed');",
        "log.error('failed: ' + err.message);",
        "log.error(`failed ${String(err)}`);",
        "const message = err instanceof Error ? err.message : 'x'; log.error({ message });",
        "let text; text = err.stack; const line = text.trim(); log.error(line);",
        "log.child({ err }).error('failed');",
        "log.error('failed:'); log.error(err);",
        "log.error('failed'); throw err;",
        "log.error('failed'); throw new Error('x', { cause: err });",
        "log.error('failed'); next(err);",
        "log.error('failed'); tracker.capture(err);",
        "log.info('retrying');",
    ],
)
def test_an_error_that_somebody_hears_of_is_told(body: str) -> None:
    """In the call, in a variable, beside it, or by whom it is handed to."""
    assert logs_error(body)


@pytest.mark.parametrize(
    "body",
    [
        "log.error('failed');",
        "log.warn({ id: 7 }, 'failed');",
        "log.error('failed'); throw new Error('failed');",
        "log.error('failed'); res.status(500).json({ message: err.message });",
        "log.error('failed'); res.json({ err });",
    ],
)
def test_an_error_that_nobody_hears_of_is_not(body: str) -> None:
    """What the client is told is in no log."""
    assert not logs_error(body)


def test_an_error_taken_apart_is_told_by_its_parts() -> None:
    """The names of a pattern are not the error's own."""
    assert logs_error("log.error(message);", "catch ({ message })")


def test_an_error_without_a_name_can_not_be_told() -> None:
    """``catch { log.error('failed') }`` leaves it out on purpose, and it is lost all the same."""
    assert not logs_error("log.error('failed');", "catch")


@pytest.mark.parametrize(
    ("block", "is_told"),
    [
        ("try { return JSON.parse(x); } catch { log.error('no JSON'); return []; }", True),
        ("try { await fs.access(x); } catch (e) { log.error('not writable'); fail(); }", True),
        ("try { await save(JSON.parse(x)); } catch { log.error('not saved'); return []; }", False),
        ("let last; try { await save(x); } catch (e) { last = e; log.error('once more'); }", True),
        ("let last; try { await save(x); } catch (e) { last = true; log.error('once more'); }", False),
    ],
)
def test_what_a_failure_alone_says_or_is_kept_is_told(block: str, *, is_told: bool) -> None:
    """A text is no JSON, a file is not there; or the error waits for the end of a loop."""
    [call] = repository({"x.js": f"{LOG}async function f(x) {{ {block} }}"}).log_calls
    assert call.logs_error is is_told


def test_a_callback_of_catch_is_a_clause() -> None:
    """Of a promise, as of a block."""
    found = repository(
        {"x.js": f"{LOG}g().catch((e) => log.error('failed'));\nh().catch((e) => log.error(e));"}
    ).log_calls
    assert [(call.in_catch, call.logs_error) for call in found] == [(True, False), (True, True)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("try { g(); } catch (e) {}", True),
        ("try { g(); } catch {\n// it will be all right\n}", True),
        ("try { g(); } catch (e) { void e; }", True),
        ("try { g(); } catch (e) { return; }", True),
        ("g().catch(() => {});", True),
        ("g().catch(function (e) { });", True),
        ("try { g(); } catch (e) { return null; }", False),
        ("g().catch(() => null);", False),
        ("try { g(); } catch (e) { found = false; }", False),
        ("for (;;) { try { g(); } catch (e) { continue; } }", False),
        ("try { g(); } catch (e) { throw e; }", False),
        ("try { g(); } catch (e) { console.debug(e); }", False),
        ("try { await socket.close(); } catch {}", False),
        ("client.release().catch(() => {});", False),
        ("try { require('heapdump'); } catch (e) {}", False),
        ("try { socket.close(); save(); } catch {}", True),
        ("try { const x = socket.close(); } catch {}", True),
        ("try { closet(); } catch {}", True),
        # An optional package, whatever is made of it.
        ("try { const x = require('bcrypt'); hash = x.hash; } catch (e) { /* js it is */ }", False),
        ("try { const { hash } = await import('bcrypt'); use(hash); } catch {}", False),
        ("try { path = require.resolve('bcrypt'); } catch {}", False),
        # Whether a text can be read in some way.
        ("try { value = JSON.parse(text); } catch { /* it stays a text */ }", False),
        ("try { if (x) { hosts.add(new URL(x).host); } } catch { return; }", False),
        ("try { await save(JSON.parse(text)); } catch {}", True),
        ("try { schema.parse(text); } catch {}", True),
        ("try { jwt.verify(token, secret); ok = true; } catch {}", False),
        ("try { found = await fs.stat(path); } catch {}", False),
        ("try { key = await fs.promises.readFile(path); } catch {}", False),
        ("try { old = JSON.parse(await readFile(path, 'utf8')); } catch {}", False),
        ("try { await save(await readFile(path)); } catch {}", True),
        # Others hear of it as well.
        ("const running = run(); resolve(running); try { await running; } catch {}", False),
        ("try { await this.pending; } catch {}", False),
        ("try { await this.pending(); } catch {}", True),
        # Taking leave of somebody who may have gone.
        ("try { const bye = 'end'; client.write(bye); client.end(); } catch {}", False),
        ("try { client.write('x'); } catch {}", True),
        ("try { await save(x); db.close(); } catch {}", True),
        # A promise that others wait for.
        ("const p = save(); p.catch(() => {}); return p;", False),
        ("writes[writes.length - 1].catch(() => {}); await Promise.all(writes);", False),
        ("p.finally(() => waiting.delete(p)).catch(() => {});", False),
        ("await p.catch(() => {});", True),
        ("save().finally(done).catch(() => {});", True),
    ],
)
def test_only_a_clause_that_does_nothing_swallows(code: str, *, expected: bool) -> None:
    """And only where something depends on what failed."""
    found = repository({"x.js": f"async function f() {{ {code} }}"}).catches
    assert [clause.swallows or clause.ignores for clause in found] == [expected]


@pytest.mark.parametrize(
    ("code", "swallows"),
    [
        ("try { await save(x); } catch {}", True),
        ("try { const made = await make(x); name = made.name; } catch { // ignore\n}", True),
        ("try { const found = await load(x); name = found.name; } catch { // ignore\n}", False),
        ("try { const found = await load(x); await send(found.name); } catch {}", True),
        ("try { all.push(await this.$getOne(x)); } catch {}", False),
        ("try { for await (const row of rows()) { await save(row); } } catch {}", True),
        ("try { draw(x); } catch {}", False),
        ("save(x).catch(() => {});", False),
        ("await save(x).catch(() => {});", False),
    ],
)
def test_what_is_waited_for_is_work_that_was_under_way(code: str, *, swallows: bool) -> None:
    """The rest is ignored, which may be meant so."""
    [found] = repository({"x.js": f"async function f() {{ {code} }}"}).catches
    assert (found.swallows, found.ignores) == (swallows, not swallows)


@pytest.mark.parametrize(
    ("comment", "is_explained"),
    [
        ("// ignore", False),
        ("/* do nothing */", False),
        ("// TODO: ignore this error silently", False),
        ("// no-op", False),
        ("// TODO: handle the error here later", False),
        ("// stay silent", False),
        ("// ignore failures of the barcode", True),
        ("// eslint-disable-next-line no-empty", False),
        ("// the file may be gone already", True),
        ("// best effort: the original error matters more", True),
    ],
)
def test_a_comment_that_says_why_explains_it(comment: str, *, is_explained: bool) -> None:
    """Not one that says that nothing is done."""
    [found] = repository({"x.js": f"function f() {{ try {{ save(); }} catch (e) {{\n  {comment}\n}} }}"}).catches
    assert (found.ignores, found.is_explained) == (True, is_explained)


def test_a_clause_is_shown_with_the_line_before() -> None:
    """``} catch {`` alone would be the same everywhere."""
    clause = repository({"x.js": "try {\n  save();\n} catch {\n}\n"}).catches[0]
    assert (clause.line, clause.snippet) == (3, "save(); } catch {")

"""Suites and cases as they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.extract.scan import SourceText
from medpro_audit.facts import tests as facts


def found_in(source: str) -> facts.TestFacts | None:
    """What a file of tests says."""
    return SourceText("a.test.js", source.encode(), "javascript").facts().tests


def block_of(source: str) -> facts.TestBlock:
    """The first suite, case or hook."""
    found = found_in(source)
    assert found is not None
    return found.blocks[0]


@pytest.mark.parametrize(
    ("source", "kind", "marks"),
    [
        ("it('x', () => {})", "case", ()),
        ("test('x', async function () {})", "case", ()),
        ("specify(`x`, () => {})", "case", ()),
        ("it.only('x', () => {})", "case", ("only",)),
        ("fit('x', () => {})", "case", ("only",)),
        ("test.skip('x', () => {})", "case", ("skip",)),
        ("xtest('x', () => {})", "case", ("skip",)),
        ("test.todo('x')", "case", ("todo",)),
        ("test.concurrent.only('x', () => {})", "case", ("only",)),
        ("it.each([1, 2])('x', (n) => {})", "case", ("each",)),
        ("it.each`a|b\n${1}|${2}`('x', (n) => {})", "case", ("each",)),
        ("describe.each([1])('x', () => { it('y', () => {}) })", "suite", ("each",)),
        ("test('x', { skip: true }, () => {})", "case", ("skip",)),
        ("test('x', { skip: !process.env.CI }, () => {})", "case", ("maybe",)),
        ("test.skipIf(isWindows)('x', () => {})", "case", ("maybe",)),
        ("describe.skip('x', () => { it('y', () => {}) })", "suite", ("skip",)),
        ("test.describe.only('x', () => { test('y', () => {}) })", "suite", ("only",)),
        ("beforeEach(() => {}); it('x', () => {})", "hook", ()),
        ("test.beforeEach(() => {}); test('x', () => {})", "hook", ()),
        ("t.test('x', () => {})", "case", ()),
    ],
)
def test_a_block_is_what_its_name_says(source: str, kind: str, marks: tuple[str, ...]) -> None:
    """In every framework's way to say it."""
    block = block_of(source)
    assert (block.kind, block.marks) == (kind, marks)


@pytest.mark.parametrize(
    ("source", "marks"),
    [
        ("scenario.only = (name, run) => test.only(name, () => run());", ("maybe",)),
        ("module.exports = { pending(name, run) { it.skip(name, () => run()); } };", ("maybe",)),
        ("export const alone = (name, run) => it.only(name, () => run());", ("maybe",)),
        ("function alone(run) { it.only('x', run); }\nalone(() => {});", ("only",)),
        ("describe('x', function () { it.only('y', () => {}); })", ("only",)),
        ("rows.forEach((row) => { it.skip(`x ${row}`, () => {}); });", ("skip",)),
        ("(() => { it.only('x', () => {}); })();", ("only",)),
    ],
)
def test_a_function_that_nobody_calls_focuses_nothing(source: str, marks: tuple[str, ...]) -> None:
    """It only says how a test would be written down."""
    found = found_in(source)
    assert found is not None
    assert [block.marks for block in found.blocks if block.kind == "case"] == [marks]


@pytest.mark.parametrize(
    "source",
    [
        "/x/.test(y)",
        "submit('x', () => {})",
        "// it('x', () => {})",
        "'it(1)'",
        "app.test('x', f)",
        "it()",
        "x.it('y', f)",
    ],
)
def test_what_only_looks_like_a_test_is_none(source: str) -> None:
    """Methods of the same name, comments and texts."""
    assert found_in(source) is None


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("expect(a).toBe(1); expect(b).toBe(2);", 2),
        ("assert.equal(a, 1);", 1),
        ("assert(a);", 1),
        ("assert.strictEqual(a, 1);", 1),
        ("strict.throws(a, /x/); nodeAssert.notDeepStrictEqual(a, b);", 2),
        ("a.should.equal(1);", 1),
        ("return request(app).get('/').expect(200);", 1),
        ("await spec().get('/').expectStatus(200);", 1),
        ("t.deepEqual(a, b);", 1),
        ("cy.get('button').click();", 1),
        ("if (!a) throw new Error('x');", 1),
        ("// expect(a).toBe(1);\n", 0),
        ("const a = 'expect(a)';", 0),
        ("const a = { b: expect.anything() };", 0),
        ("console.assert(a);", 0),
        ("unexpected(a);", 0),
    ],
)
def test_assertions_of_every_library_are_counted(body: str, count: int) -> None:
    """What is written in a comment or a text asserts nothing."""
    assert block_of(f"it('x', async () => {{ {body} }})").assertions == count


def test_a_case_without_assertion_names_what_it_calls() -> None:
    """By first and last name, so that a helper which asserts can be told."""
    assert block_of("it('x', () => { save(1); page.open().click(); })").calls == ("save", "page.open", "page.click")


@pytest.mark.parametrize(
    ("source", "called"),
    [
        ("import { save } from './s'; it('x', () => save(1))", ("save",)),
        ("import { save as keep } from './s'; it('x', () => keep(1))", ("save",)),
        ("import s from './s'; it('x', () => s.save(1))", ("default.save",)),
        ("import * as s from './s'; it('x', () => s.save(1))", ("save",)),
        ("const { save } = require('./s'); it('x', () => save(1))", ("save",)),
        ("const s = require('./s'); it('x', () => s.save(1))", ("save",)),
        ("const s = require('./s').store; it('x', () => s.save(1))", ("store.save",)),
        ("require('./s').save(1); it('x', f)", ("save",)),
        ("let s; before(async () => { s = (await import('./s')).default }); it('', () => s.a())", ("default.a",)),
        ("import { Store } from './s'; it('x', () => new Store())", ("Store",)),
        ("import { save } from './s'; it('x', () => expect(save).toThrow())", ("save",)),
        ("const s = proxyquire('./s', {}); it('x', () => s.save(1))", ("save",)),
        ("import { save } from './s'; it('x', () => save.mockReturnValue(1))", ()),
        ("import s from './s'; it('x', () => jest.spyOn(s, 'save'))", ()),
        ("import { save } from './s'; it('x', () => {})", ()),
        ("const [save] = require('./s'); it('x', () => save())", None),
    ],
)  # fmt: skip
def test_what_is_called_of_an_import(source: str, called: tuple[str, ...] | None) -> None:
    """Set-up of mocks is no call, and what can't be told is not guessed."""
    found = found_in(source)
    assert found is not None
    assert found.uses[0].called == called


def test_a_mock_is_no_use_of_the_module() -> None:
    """Unless the real one is loaded with it."""
    found = found_in("jest.mock('./a'); jest.requireActual('./b'); it('x', () => {})")
    assert found is not None
    assert [use.called for use in found.uses] == [("*",)]


@given(st.text(alphabet="itesdcrb.(){}=>'`$,;[]: \n", max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    """Blocks are always within it, outer ones before inner ones."""
    source = f"it('x', () => {{}}); {text}"
    found = found_in(source)
    if found is not None:
        assert all(0 <= block.at < block.end <= len(source.encode()) for block in found.blocks)
        assert [block.at for block in found.blocks] == sorted(block.at for block in found.blocks)

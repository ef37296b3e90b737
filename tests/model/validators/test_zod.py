"""Zod: what its schemas check, and whether what they say is acted upon."""

import pytest

from medpro_audit.model.subjects import RequestPart
from model.serving import endpoint, verdict

HEAD = """
const { z } = require('zod');
const s = z.object({ a: z.string(), b: z.object({ c: z.number() }), d: z.array(z.object({ e: z.string() })) });
const any = z.any();
const loose = z.object({ a: z.string() }).passthrough();
const strict = z.strictObject({ a: z.string() });
const validate = (schema) => (req, res, next) => { schema.parse(req.body); next(); };
const replacing = (req, res, next) => {
  const r = s.safeParse(req.body);
  if (!r.success) return next(r.error);
  req.body = r.data;
  next();
};
const reporting = (req, res, next) => {
  const r = s.safeParse(req.body);
  if (!r.success) console.log(r.error);
  next();
};
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("s.parse(req.body); f(req.body.a)", "validated zod"),
        ("const x = s.parse(req.body); f(x.a, x.b.c, x.d[0].e)", "validated zod"),
        ("const x = s.parse(req.body); f(x)", "validated zod"),
        ("await s.parseAsync(req.body); f(req.body.a, req.body.z)", "missing zod: z"),
        ("s.parseAsync(req.body); f(req.body.a)", "missing zod ignored"),
        ("const r = s.safeParse(req.body); if (!r.success) return res.sendStatus(400); f(r.data.a)", "validated zod"),
        ("const r = s.safeParse(req.body); if (!r.success) return res.sendStatus(400); f(req.body.a)", "validated zod"),
        ("const { success, data } = s.safeParse(req.body); if (success) f(data.a)", "validated zod"),
        ("const r = s.safeParse(req.body); f(req.body.a)", "missing zod ignored"),
        ("const r = s.safeParse(req.body); if (r.error) throw r.error; f(r.data.a)", "validated zod"),
        ("f(req.body.a); s.parse(req.body)", "missing zod late"),
        ("try { s.parse(req.body) } catch (e) { return res.sendStatus(400) } f(req.body.a)", "validated zod"),
        ("try { s.parse(req.body) } catch (e) { log(e) } f(req.body.a)", "missing zod"),
        ("if (x) s.parse(req.body); f(req.body.a)", "missing zod"),
        ("any.parse(req.body); f(req.body.a)", "missing zod permissive: a"),
        ("const x = loose.parse(req.body); f(x.a)", "validated zod"),
        ("const x = loose.parse(req.body); f(x)", "validated zod permissive"),
        ("const x = loose.parse(req.body); f({ ...x, b: 1 })", "validated zod permissive"),
        ("const { a, ...rest } = loose.parse(req.body); f(a, rest)", "validated zod permissive"),
        ("const x = loose.parse(req.body); if (!x) return res.sendStatus(400); f(x.a)", "validated zod"),
        ("const x = loose.parse(req.body); f(x.z)", "missing zod: z"),
        ("z.looseObject({}).parse(req.body); f(req.body.z)", "missing zod permissive: z"),
        ("const x = strict.parse(req.body); f(x.z)", "validated zod"),
        ("const x = s.pick({ a: true }).parse(req.body); f(x.a)", "validated zod"),
        ("s.pick({ a: true }).parse(req.body); f(req.body.d)", "missing zod: d"),
        ("s.omit({ a: true }).parse(req.body); f(req.body.a)", "missing zod: a"),
        ("s.partial().extend({ g: z.string() }).parse(req.body); f(req.body.a, req.body.g)", "validated zod"),
        ("s.merge(z.object({ g: z.string() })).parse(req.body); f(req.body.g)", "validated zod"),
        ("z.object({ body: s }).parse(req); f(req.body.a)", "validated zod"),
        ("z.object({ body: s }).parse({ body: req.body }); f(req.body.a)", "validated zod"),
        ("z.string().parse(req.body.a); f(req.body.a)", "validated zod"),
        ("z.string().parse(req.body.a); f(req.body.b)", "missing zod: b"),
        ("const x = { ...s.parse(req.body), z: 1 }; f(x.a)", "validated zod"),
        ("z.union([s, z.object({ a: z.string() })]).parse(req.body); f(req.body.a)", "validated zod"),
        ("z.union([s, z.object({ a: z.string() })]).parse(req.body); f(req.body.d)", "missing zod: d"),
        ("z.record(z.string(), z.string()).parse(req.body); f(req.body.a)", "validated zod"),
        ("z.preprocess((x) => x, s).parse(req.body); f(req.body.a)", "validated zod"),
        ("s.refine((x) => x).transform((x) => x).parse(req.body); f(req.body.a)", "validated zod"),
        ("s.optional().nullable().default({}).parse(req.body); f(req.body.a)", "validated zod"),
        ("z.lazy(() => s).parse(req.body); f(req.body.a)", "validated zod"),
        ("z.array(s).parse(req.body); for (const x of req.body) f(x.a)", "validated zod"),
        ("unknown.parse(req.body); f(req.body.a)", "unknown"),
        ("schemas.create.parse(req.body); f(req.body.a)", "unknown"),
    ],
)
def test_in_the_handler(body: str, expected: str) -> None:
    """Only what holds on every path to the use counts, and only for the fields that the schema looks at."""
    assert verdict(endpoint(body, head=HEAD)) == expected


@pytest.mark.parametrize(
    ("chain", "body", "expected"),
    [
        ("validate(s)", "f(req.body.a)", "validated zod"),
        ("validate(s)", "f(req.body.z)", "missing zod: z"),
        ("validate(any)", "f(req.body.a)", "missing zod permissive: a"),
        ("validate(s)", "f(req.query.q)", "validated zod"),
        ("validate(s)", "res.json({})", "validated zod"),
        ("replacing", "f(req.body.a)", "validated zod"),
        ("reporting", "f(req.body.a)", "unknown zod"),
        ("(req, res, next) => { req.valid = s.parse(req.body); next(); }", "f(req.valid.a)", "validated zod"),
        ("(req, res, next) => { req.valid = s.parse(req.body); next(); }", "f(req.body.a)", "validated zod"),
        ("validateUser", "f(req.body.a)", "missing"),
        ("process.env.CHECK && validate(s)", "f(req.body.a)", "unknown zod"),
    ],
)
def test_in_middleware(chain: str, body: str, expected: str) -> None:
    """What holds whenever it passes on; a name proves nothing."""
    assert verdict(endpoint(body, head=HEAD, chain=chain)) == expected


@pytest.mark.parametrize(("schema", "expected"), [("z.never()", "not-read"), ("s", "validated zod")])
def test_a_wrapper_that_leaves_out_what_is_never_taken(schema: str, expected: str) -> None:
    """``schema instanceof z.ZodNever``: the part is not looked at."""
    wrap = "const check = (schema, req) => { if (!(schema instanceof z.ZodNever)) req.body = schema.parse(req.body); };"
    assert verdict(endpoint(f"check({schema}, req); res.json({{}});", head=HEAD + wrap)) == expected


@pytest.mark.parametrize(
    ("body", "part", "expected"),
    [
        ("z.looseObject({ id: z.uuid() }).parse(req.params); f(req.params)", "params", "validated zod"),
        ("z.looseObject({ 'x-a': z.uuid() }).parse(req.headers); f(req.headers)", "headers", "validated zod"),
        ("z.looseObject({ q: z.string() }).parse(req.query); f(req.query)", "query", "validated zod permissive"),
        ("z.any().parse(req.params); f(req.params.id)", "params", "missing zod permissive: id"),
        ("z.looseObject({}).parse(req.body); res.json({})", "body", "not-read"),
        ("loose.parse(req.body); res.json(req.body)", "body", "validated zod permissive"),
        ("loose.parse(req.body); require('axios').post('https://a.example', req.body)", "body", "validated zod"),
        ("loose.parse(req.body); new (require('openai'))().chat.create({ ...req.body })", "body", "validated zod"),
        ("loose.parse(req.body); require('mongoose').model('A').create(req.body)", "body", "validated zod permissive"),
        ("loose.parse(req.body); require('mongoose').model('A').find({ a: req.body.a })", "body", "validated zod"),
    ],
)
def test_what_a_schema_lets_through(body: str, part: RequestPart, expected: str) -> None:
    """Further fields matter where the whole is stored or answered; what is sent on is another's to judge.

    Of parameters and headers there are others anyway.
    """
    assert verdict(endpoint(body, head=HEAD), part) == expected

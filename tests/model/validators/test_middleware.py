"""Libraries of middleware and decorators: chain, handler and verdict."""

import pytest

from model.serving import endpoint, verdict

EXPRESS_VALIDATOR = """
const { body, check, validationResult, checkSchema, matchedData } = require('express-validator');
const done = (req, res, next) => {
  const errors = validationResult(req);
  if (!errors.isEmpty()) return res.status(400).json(errors.array());
  next();
};
const names = require('./names');
const all = (...chains) => async (req, res, next) => {
  await Promise.all(chains.map((chain) => chain.run(req)));
  next();
};
const each = (...chains) => async (req, res, next) => {
  for (const chain of chains) {
    const result = await chain.run(req);
    if (!result.isEmpty()) return res.status(400).json(result.array());
  }
  next();
};
"""

ZOD_MIDDLEWARE = """
const zem = require('zod-express-middleware');
const { validateRequest, processRequest, validateRequestBody, processRequestBody } = zem;
const safe = require('express-zod-safe');
const { z } = require('zod');
const s = z.object({ a: z.string() });
"""

CLASS_VALIDATOR = """
const { IsString, validate, validateOrReject } = require('class-validator');
const { plainToInstance } = require('class-transformer');
class Base { @IsString() base; }
class Visit extends Base { @IsString() a; other; }
"""


@pytest.mark.parametrize(
    ("chain", "body", "expected"),
    [
        ("body('a').isString(), done", "f(req.body.a)", "validated express-validator"),
        ("body('a').isString(), done", "f(req.body.z)", "missing express-validator: z"),
        ("body('a').isString()", "f(req.body.a)", "missing express-validator ignored"),
        (
            "body('a').isString()",
            "if (!validationResult(req).isEmpty()) return res.sendStatus(400); f(req.body.a)",
            "validated express-validator",
        ),
        ("body('a').isString()", "validationResult(req).throw(); f(req.body.a)", "validated express-validator"),
        (
            "body('a').isString()",
            (
                "const made = new (require('mongoose').model('A', {}))({ a: req.body.a });"
                "if (!validationResult(req).isEmpty()) return res.sendStatus(400); await made.save();"
            ),
            "unknown express-validator",
        ),
        (
            "[body('a').isString(), body('b.c').isInt()], done",
            "f(req.body.a, req.body.b.c)",
            "validated express-validator",
        ),
        ("body('a').trim().escape()", "f(req.body.a)", "missing"),
        ("body(names.a).isString(), done", "f(req.body.a)", "unknown"),
        ("body(['a', names.b]).isString(), done", "f(req.body.b)", "unknown"),
        ("body(names.a).isString()", "f(req.body.a)", "missing express-validator ignored"),
        ("all(body('a').isString(), body('b').isInt()), done", "f(req.body.b)", "validated express-validator"),
        ("all(body('a').isString(), body('b').isInt())", "f(req.body.b)", "missing express-validator ignored"),
        ("each(body('a').isString(), body('b').isInt())", "f(req.body.b)", "validated express-validator"),
        ("body(['a', 'b']).isString(), done", "f(req.body.a, req.body.b)", "validated express-validator"),
        ("check('a').isString(), done", "f(req.body.a)", "validated express-validator"),
        ("checkSchema({ a: { in: ['body'], isString: true } }), done", "f(req.body.a)", "validated express-validator"),
        ("body('a').isString(), done", "f(matchedData(req).a)", "validated express-validator"),
        ("body('a').optional().trim(), done", "f(req.body.a)", "validated express-validator"),
        ("body().isObject(), done", "f(req.body.a)", "missing express-validator: a"),
        ("body().custom(own), done", "f(req.body.a)", "unknown"),
        ("body('a').notEmpty(), done", "f(req.body.a)", "validated express-validator"),
        ("body('a').notEmpty(), done", "f(req.body.a.b)", "missing express-validator: a.b"),
        (
            "body('a').isArray().withMessage('no'), done",
            "f(req.body.a, req.body.a.length)",
            "validated express-validator",
        ),
        ("body('a').isArray(), done", "for (const x of req.body.a) f(x.b)", "missing express-validator: a.b"),
        ("body('a').isArray(), body('a.*.c').isInt(), done", "f(req.body.a[0].b)", "missing express-validator: a.0.b"),
        ("body('a').isArray().custom(own), done", "for (const x of req.body.a) f(x.b)", "unknown"),
        (
            "body('items.*.name').isString(), done",
            "for (const x of req.body.items) f(x.name)",
            "missing express-validator: items",
        ),
    ],
)
def test_express_validator(chain: str, body: str, expected: str) -> None:
    """A chain never answers by itself: somebody must look at the result."""
    assert verdict(endpoint(body, head=EXPRESS_VALIDATOR, chain=chain)) == expected


@pytest.mark.parametrize(
    "asked",
    [
        "const e = validationResult(req).formatWith(({ msg }) => msg); if (!e.isEmpty()) refuse(res, e.array())",
        "const e = validationResult(req).formatWith(told).array(); if (e.length) refuse(res, e)",
        "const e = mine(req); if (!e.isEmpty()) refuse(res, e.mapped())",
        "const e = mine.withDefaults({ formatter: told })(req); if (!e.isEmpty()) refuse(res, e.mapped())",
        "const e = mine(req).mapped(); if (Object.keys(e).length > 0) refuse(res, e)",
        "const e = validationResult(req).mapped(); if (!_.isEmpty(e)) refuse(res, e)",
        "try { validationResult(req).formatWith(told).throw() } catch (e) { return refuse(res, e.array()) }",
        "const [first] = validationResult(req).array(); if (first) refuse(res, first.msg)",
        "const first = validationResult(req).array({ onlyFirstError: true })[0]; if (first) refuse(res, first)",
        "const all = validationResult(req).array().map((e) => e.msg); if (all.length) refuse(res, all.join())",
        "const { errors } = validationResult(req); if (errors.length !== 0) refuse(res, errors)",
    ],
)
def test_the_outcome_of_express_validator_is_asked_in_many_ways(asked: str) -> None:
    """A formatter changes only how an error is told; errors, or the first of them, are there where it has failed."""
    head = (
        f"{EXPRESS_VALIDATOR} const _ = require('lodash'); const told = (e) => e.msg;"
        "const mine = validationResult.withDefaults({ formatter: told });"
        "const refuse = (res, why) => { res.status(400).json(why); throw new Error('refused'); };"
    )
    chain = f"body('a').isString(), (req, res, next) => {{ {asked}; next(); }}"
    assert verdict(endpoint("f(req.body.a)", head=head, chain=chain)) == "validated express-validator"


@pytest.mark.parametrize(
    ("chain", "body", "expected"),
    [
        (
            "body('a').isString(), (req, res, next) => { validationResult(req).formatWith(told); next(); }",
            "f(req.body.a)",
            "missing express-validator ignored",
        ),
        (
            "body('a').isString(), (req, res, next) => { console.log(mine(req).array().map(told)); next(); }",
            "f(req.body.a)",
            "missing express-validator ignored",
        ),
        ("body('a').isString()", "f(matchedData(req).a)", "validated express-validator"),
        ("body('a').isString()", "f(matchedData(req).a, req.body.a)", "missing express-validator"),
        (
            "checkExact([body('a').isString(), [body('b').isInt()]]), done",
            "f(req.body.b)",
            "validated express-validator",
        ),
        ("checkExact([body('a').isString()])", "f(req.body.a)", "missing express-validator ignored"),
        ("oneOf([body('a').isString(), [body('b').isInt()]]), done", "f(req.body.a)", "unknown"),
        ("oneOf([body('a').isString(), body('b').isInt()])", "f(req.body.a)", "missing express-validator ignored"),
    ],
)
def test_outcomes_of_express_validator_that_decide_nothing(chain: str, body: str, expected: str) -> None:
    """To tell an outcome is not to act upon it; of alternatives it isn't known which has passed."""
    head = (
        f"{EXPRESS_VALIDATOR} const {{ oneOf, checkExact }} = require('express-validator'); const told = (e) => e.msg;"
        "const mine = validationResult.withDefaults({ formatter: told });"
    )
    assert verdict(endpoint(body, head=head, chain=chain)) == expected


@pytest.mark.parametrize("asked", ["'a' in req.body", "req.body", "name in req['body']"])
def test_to_ask_whether_something_is_there_reads_nothing_more(asked: str) -> None:
    """Only what is asked for, and later read, has to be checked."""
    head = f"{EXPRESS_VALIDATOR} const name = 'a';"
    chain = "body('a').isString(), done"
    found = endpoint(f"if ({asked}) f(req.body.a)", head=head, chain=chain)
    assert verdict(found) == "validated express-validator"
    assert verdict(endpoint(f"if ({asked}) f(req.body)", head=head, chain=chain)) == "missing express-validator"


@pytest.mark.parametrize(
    ("chain", "body", "expected"),
    [
        ("validateRequest({ body: s })", "f(req.body.a)", "validated zod"),
        ("validateRequest({ body: s })", "f(req.body.z)", "missing zod: z"),
        ("validateRequest({ query: s })", "f(req.body.a)", "missing"),
        ("validateRequestBody(s)", "f(req.body.a)", "validated zod"),
        ("processRequest({ body: s })", "f(req.body.a)", "validated zod"),
        ("processRequestBody(s)", "f(req.body)", "validated zod"),
        ("safe({ body: s })", "f(req.body.a)", "missing"),
        ("safe.default({ body: { a: z.string() } })", "f(req.body.a)", "validated zod"),
        ("validateRequestBody(unknown)", "f(req.body.a)", "unknown"),
    ],
)
def test_middleware_made_of_zod_schemas(chain: str, body: str, expected: str) -> None:
    """It answers itself when a part does not conform."""
    assert verdict(endpoint(body, head=ZOD_MIDDLEWARE, chain=chain)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("const v = plainToInstance(Visit, req.body); await validateOrReject(v); f(v.a)", "validated class-validator"),
        (
            "const v = plainToInstance(Visit, req.body); await validateOrReject(v); f(v.base)",
            "validated class-validator",
        ),
        (
            "const v = plainToInstance(Visit, req.body); await validateOrReject(v); f(v.other)",
            "missing class-validator: other",
        ),
        (
            (
                "const v = plainToInstance(Visit, req.body);"
                "await validateOrReject(v, { whitelist: true, forbidNonWhitelisted: true }); f(v.other)"
            ),
            "validated class-validator",
        ),
        (
            (
                "const v = plainToInstance(Visit, req.body);"
                "await validateOrReject(v, { whitelist: true, forbidNonWhitelisted: false }); f(req.body.other)"
            ),
            "missing class-validator: other",
        ),
        ("const v = plainToInstance(Visit, req.body); f(v.a)", "missing"),
        (
            "const v = plainToInstance(Visit, req.body); const e = await validate(v); if (e.length) throw e; f(v.a)",
            "validated class-validator",
        ),
        (
            "const v = plainToInstance(Visit, req.body); const e = await validate(v); f(v.a)",
            "missing class-validator ignored",
        ),
        (
            "validate(plainToInstance(Visit, req.body)).then((e) => { if (e.length) throw e; f(req.body.a); })",
            "validated class-validator",
        ),
    ],
)
def test_class_validator(body: str, expected: str) -> None:
    """Decorated fields are checked, those of base classes among them."""
    assert verdict(endpoint(body, head=CLASS_VALIDATOR)) == expected


def test_what_may_be_sent_in_any_part_is_validated_where_it_is_read() -> None:
    """Of parts that nobody reads nothing is said."""
    found = endpoint("f(req.body.a)", head=EXPRESS_VALIDATOR, chain="check('a').isString(), done")
    assert (verdict(found), verdict(found, "query")) == ("validated express-validator", "not-read")


def test_what_may_be_sent_in_any_part_does_not_leave_other_fields_uncovered() -> None:
    """A part of which another field is read has no schema by it."""
    found = endpoint("f(req.body.a, req.params.id)", head=EXPRESS_VALIDATOR, chain="check('a').isString(), done")
    assert (verdict(found), verdict(found, "params")) == ("validated express-validator", "missing")
    whole = endpoint("f(req.body)", head=EXPRESS_VALIDATOR, chain="check('a').isString(), done")
    assert verdict(whole) == "missing express-validator"

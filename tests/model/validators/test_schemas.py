"""Other schema libraries, Joi, Yup and Ajv: chain, handler and verdict."""

import pytest

from model.serving import endpoint, verdict

JOI = """
const Joi = require('joi');
const { celebrate, Segments } = require('celebrate');
const s = Joi.object({ a: Joi.string().required(), b: Joi.object({ c: Joi.number() }) });
"""

YUP = """
const yup = require('yup');
const s = yup.object({ a: yup.string().required(), b: yup.object().shape({ c: yup.number() }) });
"""

AJV = """
const Ajv = require('ajv');
const ajv = new Ajv();
const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
const validate = ajv.compile(schema);
const strict = ajv.compile({ ...schema, additionalProperties: false });
"""


@pytest.mark.parametrize(
    ("chain", "body", "expected"),
    [
        (
            "",
            "const { error, value } = s.validate(req.body); if (error) return res.sendStatus(400); f(value.a)",
            "validated joi",
        ),
        (
            "",
            "const { error } = s.validate(req.body); if (error) throw error; f(req.body.a, req.body.b.c)",
            "validated joi",
        ),
        ("", "const { error } = s.validate(req.body); f(req.body.a)", "missing joi ignored"),
        ("", "s.validate(req.body); f(req.body.a)", "missing joi ignored"),
        ("", "await s.validateAsync(req.body); f(req.body.a)", "validated joi"),
        ("", "s.validateAsync(req.body); f(req.body.a)", "missing joi ignored"),
        ("", "s.validateAsync(req.body).then(() => f(req.body.a))", "validated joi"),
        ("", "Joi.assert(req.body, s); f(req.body.a)", "validated joi"),
        ("", "const v = Joi.attempt(req.body, s); f(v.a)", "validated joi"),
        ("", "const { error } = s.validate(req.body); if (error) throw error; f(req.body.z)", "validated joi"),
        (
            "",
            "const { error } = s.validate(req.body, { allowUnknown: true }); if (error) throw error; f(req.body.z)",
            "missing joi: z",
        ),
        (
            "",
            "const { error } = s.unknown().validate(req.body); if (error) throw error; f(req.body)",
            "validated joi permissive",
        ),
        ("", "Joi.assert(req.body, Joi.object({ a: Joi.array() })); f(req.body.a[0].b)", "missing joi: a.0.b"),
        ("", "Joi.assert(req.body, Joi.object({ a: Joi.array() })); f(req.body.a.length)", "validated joi"),
        ("", "Joi.assert(req.body, Joi.object({ a: Joi.object() })); f(req.body.a.b)", "missing joi: a.b"),
        ("", "Joi.assert(req.body, Joi.object({ a: Joi.alternatives().try(s) })); f(req.body.a.b)", "validated joi"),
        (
            "",
            "const { error } = s.unknown().validate(req.body); if (error) throw error; f(req.body.z)",
            "missing joi: z",
        ),
        (
            "",
            "const { error } = Joi.any().validate(req.body); if (error) throw error; f(req.body.z)",
            "missing joi permissive: z",
        ),
        (
            "",
            "const { error } = s.keys({ z: Joi.string() }).validate(req.body); if (error) throw error; f(req.body.z)",
            "validated joi",
        ),
        (
            "",
            "const { error } = Joi.array().items(s).validate(req.body); if (error) throw error; f(req.body[0].a)",
            "validated joi",
        ),
        ("celebrate({ [Segments.BODY]: s })", "f(req.body.a)", "validated joi"),
        ("celebrate({ body: s })", "f(req.body.a)", "validated joi"),
        ("celebrate({ query: s })", "f(req.body.a)", "missing"),
    ],
)
def test_joi(chain: str, body: str, expected: str) -> None:
    """Fields that are not named are refused unless the schema or the call says otherwise; ``validate`` never throws."""
    assert verdict(endpoint(body, head=JOI, chain=chain)) == expected


@pytest.mark.parametrize(
    ("chain", "body", "expected"),
    [
        ("", "await s.validate(req.body); f(req.body.a)", "validated yup"),
        ("", "const v = await s.validate(req.body); f(v.a, v.b.c)", "validated yup"),
        ("", "s.validateSync(req.body); f(req.body.a)", "validated yup"),
        ("", "if (!(await s.isValid(req.body))) return res.sendStatus(400); f(req.body.a)", "validated yup"),
        ("", "if (!s.isValidSync(req.body)) return res.sendStatus(400); f(req.body.a)", "validated yup"),
        ("", "await s.validate(req.body); f(req.body.z)", "missing yup: z"),
        ("", "s.validate(req.body); f(req.body.a)", "missing yup ignored"),
        ("", "await s.noUnknown().validate(req.body); f(req.body.z)", "missing yup: z"),
        ("", "const v = await s.noUnknown().validate(req.body); f(v.z)", "validated yup"),
        ("", "await s.noUnknown().strict().validate(req.body); f(req.body.z)", "validated yup"),
        ("", "await s.strict().validate(req.body); f(req.body.z)", "missing yup: z"),
        ("", "const v = await s.validate(req.body, { stripUnknown: true }); f(v.z)", "validated yup"),
        ("", "const v = s.cast(req.body); f(v.a)", "missing"),
        ("", "await yup.mixed().validate(req.body); f(req.body.a)", "missing yup permissive: a"),
        ("", "s.validate(req.body).then((v) => f(v.a)).catch(next)", "validated yup"),
    ],
)
def test_yup(chain: str, body: str, expected: str) -> None:
    """``validate`` throws, ``isValid`` says."""
    assert verdict(endpoint(body, head=YUP, chain=chain)) == expected


@pytest.mark.parametrize(
    ("chain", "body", "expected"),
    [
        ("", "if (!validate(req.body)) return res.sendStatus(400); f(req.body.a)", "validated ajv"),
        ("", "const ok = validate(req.body); if (!ok) throw new Error(); f(req.body.a)", "validated ajv"),
        ("", "validate(req.body); f(req.body.a)", "missing ajv ignored"),
        ("", "validate(req.body); if (validate.errors) return res.sendStatus(400); f(req.body.a)", "validated ajv"),
        ("", "if (!validate(req.body)) return res.sendStatus(400); f(req.body.z)", "missing ajv: z"),
        ("", "if (!strict(req.body)) return res.sendStatus(400); f(req.body.z)", "validated ajv"),
        ("", "if (!ajv.validate(schema, req.body)) return res.sendStatus(400); f(req.body.a)", "validated ajv"),
        (
            "(req, res, next) => { if (validate(req.body)) next(); else res.sendStatus(400); }",
            "f(req.body.a)",
            "validated ajv",
        ),
    ],
)
def test_ajv(chain: str, body: str, expected: str) -> None:
    """The answer must be looked at, or ``errors`` after it."""
    assert verdict(endpoint(body, head=AJV, chain=chain)) == expected


@pytest.mark.parametrize(("extra", "is_permissive"), [("true", True), ("false", False)])
def test_ajv_lets_through_what_a_schema_says(extra: str, *, is_permissive: bool) -> None:
    """``additionalProperties: true`` passes on what nothing checks, where the whole body is stored."""
    head = f"""
        const Ajv = require('ajv');
        const schema = {{ type: 'object', properties: {{ a: {{ type: 'string' }} }}, additionalProperties: {extra} }};
        const check = new Ajv().compile(schema);
    """
    found = endpoint("if (!check(req.body)) return res.sendStatus(400); db.save(req.body); res.end();", head=head)
    assert (found.validation.body.status, found.validation.body.is_permissive) == ("validated", is_permissive)

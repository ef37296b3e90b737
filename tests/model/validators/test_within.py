"""What is within a list or an object that a schema only asks to be one: read from there, it is not validated."""

import pytest

from model.serving import endpoint, verdict

EXPRESS_VALIDATOR = """
const { body, checkSchema, validationResult } = require('express-validator');
const done = (req, res, next) => {
  if (!validationResult(req).isEmpty()) return res.sendStatus(400);
  next();
};
"""
READING = "for (const line of req.body.lines) f(line.drug)"


@pytest.mark.parametrize(
    ("chain", "body", "expected"),
    [
        ("body('lines').isArray()", READING, "missing express-validator: lines.drug"),
        ("body('lines').isArray({ min: 1 }).withMessage('none')", READING, "missing express-validator: lines.drug"),
        ("body('lines').isArray()", "f(req.body.lines.length)", "validated express-validator"),
        ("body('lines').isArray(), body('lines.*.drug').isString()", READING, "validated express-validator"),
        ("body('lines').isArray(), body('lines[*].drug').isString()", READING, "validated express-validator"),
        ("body('lines').isArray(), body('lines.*.drug').isString()", "f(req.body.lines[0].drug)", "validated"),
        ("body('lines').isArray(), body('lines.*.id').isInt()", READING, "missing express-validator: lines.drug"),
        ("body('lines').isArray(), body('lines.*').isObject()", READING, "missing express-validator: lines.drug"),
        ("body('lines').isArray().custom(check)", READING, "unknown"),
        ("body('lines').isArray(), body('lines.*').custom(check)", READING, "unknown"),
        ("body('patient').isObject()", "f(req.body.patient.name)", "missing express-validator: patient.name"),
        ("body('patient').notEmpty()", "f(req.body.patient.name)", "missing express-validator: patient.name"),
        ("body('patient').exists()", "f(req.body.patient)", "validated express-validator"),
        ("body('patient').optional()", "f(req.body.patient)", "missing express-validator: patient"),
        ("checkSchema({ lines: { in: ['body'], isArray: true } })", READING, "missing express-validator: lines.drug"),
        (
            "checkSchema({ lines: { isArray: true }, 'lines.*.drug': { isString: true } })",
            READING,
            "validated express-validator",
        ),
    ],
)
def test_express_validator(chain: str, body: str, expected: str) -> None:
    """A chain says nothing of what is within its field unless it makes a text or a number of it."""
    assert verdict(endpoint(body, head=EXPRESS_VALIDATOR, chain=f"{chain}, done")).startswith(expected)


JOI = "const Joi = require('joi');\nconst line = Joi.object({ drug: Joi.string() });\n"


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        ("Joi.object({ lines: Joi.array() })", READING, "missing joi: lines.drug"),
        ("Joi.object({ lines: Joi.array().min(1).required() })", READING, "missing joi: lines.drug"),
        ("Joi.object({ lines: Joi.array() })", "f(req.body.lines.length)", "validated joi"),
        ("Joi.object({ lines: Joi.array().items(line) })", READING, "validated joi"),
        ("Joi.object({ lines: Joi.array().items(line, Joi.any()) })", READING, "missing joi: lines.drug"),
        ("Joi.object({ lines: Joi.array().items(Joi.object()) })", READING, "missing joi: lines.drug"),
        ("Joi.object({ lines: Joi.array().custom(check) })", READING, "unknown"),
        ("Joi.object()", "f(req.body.a)", "missing joi permissive: a"),
        ("Joi.object().unknown().keys({ a: Joi.string() })", "f(req.body.b)", "missing joi: b"),
        ("Joi.object({ a: Joi.object() })", "f(req.body.a.b)", "missing joi: a.b"),
        ("Joi.object({ a: Joi.any().valid('x') })", "f(req.body.a)", "validated joi"),
        ("Joi.object().pattern(Joi.string(), line)", "f(req.body.a.drug)", "validated joi"),
        ("Joi.object().pattern(Joi.string(), Joi.any())", "f(req.body.a)", "missing joi: a"),
        ("Joi.alternatives().try(line, Joi.object())", "f(req.body.drug)", "missing joi: drug"),
        ("Joi.alternatives(line, line.keys({ b: 1 }))", "f(req.body.drug)", "validated joi"),
        ("Joi.object({ a: Joi.link('#node') })", "f(req.body.a.b)", "unknown"),
    ],
)
def test_joi(schema: str, body: str, expected: str) -> None:
    """A list without items, and an object without keys, take anything."""
    source = f"const {{ error }} = {schema}.validate(req.body); if (error) return res.sendStatus(400); {body}"
    assert verdict(endpoint(source, head=JOI)) == expected


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        ("z.object({ lines: z.array(z.any()) })", READING, "missing zod: lines.drug"),
        ("z.object({ lines: z.any().array() })", READING, "missing zod: lines.drug"),
        ("z.object({ lines: z.array(z.unknown()).min(1) })", READING, "missing zod: lines.drug"),
        ("z.object({ lines: z.array(z.any()) })", "f(req.body.lines.length)", "validated zod"),
        ("z.object({ lines: z.array(z.any()).refine(check) })", READING, "unknown"),
        ("z.object({ lines: z.tuple([z.any()]) })", READING, "missing zod: lines.drug"),
        ("z.object({ lines: z.array(z.object({}).passthrough()) })", READING, "missing zod: lines.drug"),
        ("z.object({ a: z.record(z.string(), z.any()) })", "f(req.body.a.b)", "missing zod: a.b"),
        ("z.object({ a: z.json() })", "f(req.body.a.b)", "missing zod: a.b"),
        ("z.object({ a: z.any().refine(check) })", "f(req.body.a)", "validated zod"),
        ("z.object({ a: z.any().refine(check) })", "f(req.body.a.b)", "unknown"),
        ("z.object({ a: z.custom(check) })", "f(req.body.a.b)", "unknown"),
        (
            "z.object({ a: z.custom().superRefine((v, c) => { if (s.safeParse(v).error) c.addIssue('no'); }) })",
            "f(req.body.a.b)",
            "validated zod",
        ),
        ("z.object({ a: z.string() }).catchall(z.any())", "f(req.body.b)", "missing zod: b"),
        ("z.strictObject({ a: z.string() }).catchall(z.any())", "f(req.body.b)", "missing zod: b"),
    ],
)
def test_zod(schema: str, body: str, expected: str) -> None:
    """Whatever is in it may be anything."""
    head = "const { z } = require('zod');\n"
    assert verdict(endpoint(f"{schema}.parse(req.body); {body}", head=head)) == expected


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        ("yup.object({ lines: yup.array().required() })", READING, "missing yup: lines.drug"),
        ("yup.object({ lines: yup.array(yup.object({ drug: yup.string() })) })", READING, "validated yup"),
        ("yup.object({ lines: yup.array().of(yup.mixed()) })", READING, "missing yup: lines.drug"),
        ("yup.object({ lines: yup.array().test(check) })", READING, "unknown"),
        ("yup.object({ a: yup.object() })", "f(req.body.a.b)", "missing yup: a.b"),
        ("yup.object({ a: yup.mixed().oneOf(['x']) })", "f(req.body.a)", "validated yup"),
    ],
)
def test_yup(schema: str, body: str, expected: str) -> None:
    """A list of which nothing is said but that it is one."""
    head = "const yup = require('yup');\n"
    assert verdict(endpoint(f"await {schema}.validate(req.body); {body}", head=head)) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("{ type: 'array' }", "missing ajv: lines.drug"),
        ("{ type: ['array', 'null'] }", "missing ajv: lines.drug"),
        ("{ minItems: 1 }", "missing ajv: lines.drug"),
        ("{ type: 'array', items: {} }", "missing ajv: lines.drug"),
        ("{ type: 'array', items: { type: 'object' } }", "missing ajv: lines.drug"),
        ("{ type: 'array', items: { properties: { drug: { type: 'string' } } } }", "validated ajv"),
        ("{ description: 'of a prescription' }", "missing ajv: lines lines.drug"),
        ("{ $ref: '#/lines' }", "unknown"),
        ("{ allOf: [{ type: 'array' }, { items: { properties: { drug: { type: 'string' } } } }] }", "validated ajv"),
        ("{ anyOf: [{ type: 'array' }, { items: { type: 'string' } }] }", "missing ajv: lines.drug"),
    ],
)
def test_ajv(lines: str, expected: str) -> None:
    """Elements that ``items`` does not describe may be anything, and so may a value without a type."""
    schema = f"{{ type: 'object', properties: {{ lines: {lines} }} }}"
    head = f"const Ajv = require('ajv');\nconst validate = new Ajv().compile({schema});\n"
    found = endpoint(f"if (!validate(req.body)) return res.sendStatus(400); {READING}", head=head)
    assert verdict(found) == expected


@pytest.mark.parametrize(
    ("decorators", "expected"),
    [
        ("@IsArray()", "missing class-validator: lines.drug"),
        ("@IsArray() @ArrayNotEmpty() @ApiProperty({ type: [Line] })", "missing class-validator: lines.drug"),
        ("@IsNotEmpty()", "missing class-validator: lines.drug"),
        ("@Expose()", "missing class-validator: lines lines.drug"),
        ("@IsArray() @ValidateNested({ each: true }) @Type(() => Line)", "validated class-validator"),
        ("@ValidateNested({ each: true }) @Type(() => Page)", "missing class-validator: lines.drug"),
        ("@IsArray() @ValidateNested({ each: true })", "unknown"),
        ("@IsArray() @IsString({ each: true })", "validated class-validator"),
    ],
)
def test_class_validator(decorators: str, expected: str) -> None:
    """Elements are checked by the class that is named for them, or each by a decorator."""
    head = f"""
    const {{ IsArray, IsString, ValidateNested, validateOrReject }} = require('class-validator');
    const {{ Type, plainToInstance }} = require('class-transformer');
    class Line {{ @IsString() drug; }}
    class Page {{ @IsString() title; }}
    class Prescription {{ {decorators} lines; }}
    """
    found = endpoint(f"await validateOrReject(plainToInstance(Prescription, req.body)); {READING}", head=head)
    assert verdict(found) == expected


@pytest.mark.parametrize("maker", ["validate({ body: s })", "validate.validate({ body: s })"])
def test_express_validation(maker: str) -> None:
    """Its schemas are Joi's."""
    head = """
    const validate = require('express-validation');
    const Joi = require('joi');
    const s = Joi.object({ lines: Joi.array() });
    """
    assert verdict(endpoint(READING, head=head, chain=maker)) == "missing joi: lines.drug"


def test_celebrate() -> None:
    """Its schemas are Joi's."""
    head = "const { celebrate, Joi } = require('celebrate');\nconst s = Joi.object({ lines: Joi.array() });"
    assert verdict(endpoint(READING, head=head, chain="celebrate({ body: s })")) == "missing joi: lines.drug"

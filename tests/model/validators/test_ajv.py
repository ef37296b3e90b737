"""Ajv: schemas that a function makes, and errors that are asked of the instance."""

import pytest

from model.serving import endpoint, verdict

HEAD = """
const Ajv = require('ajv');
const manager = require('schema-manager');
const fresh = new Ajv({ useDefaults: true });
const lax = new Ajv();
const generate = (model, { properties = {}, additionalProperties = false } = {}) => {
  const schema = manager.generate(model);
  schema.properties = { ...schema.properties, ...properties };
  schema.additionalProperties = additionalProperties;
  return schema;
};
const insist = (schema, value, isNew = true, forgiving = false) => {
  const ajv = isNew ? fresh : lax;
  if (!ajv.validate(schema, value)) {
    const errors = [];
    ajv.errors.forEach((error) => {
      const told = Object.entries(error.params).map(([key, each]) => `${key}: ${each}`).join(', ');
      if (!forgiving || error.keyword !== 'additionalProperties') errors.push(`${error.message} ${told}`);
    });
    if (errors.length > 0) throw new Error(errors.join('; '));
  }
};
const made = generate(manager.models.visit, { properties: { user: { type: 'string', format: 'uuid' } } });
const plain = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false };
"""
REFUSING = "catch (e) { return res.status(400).json({ message: e.message }); }"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"try {{ insist(made, req.body); }} {REFUSING} f(req.body.user)", "unknown"),
        (f"try {{ await insist(made, req.body, false); }} {REFUSING} f(req.body.role)", "unknown"),
        (
            f"if (req.body.kind === 'a') g(req.body.kind); try {{ insist(made, req.body); }} {REFUSING} h(req.body)",
            "unknown",
        ),
        (f"g(req.body.b); try {{ insist(made, req.body); }} {REFUSING} h(req.body)", "unknown"),
        (f"g(req.body.b); try {{ insist(plain, req.body); }} {REFUSING} h(req.body)", "missing ajv late"),
        (f"try {{ insist(plain, req.body); }} {REFUSING} f(req.body.a)", "validated ajv"),
        (f"try {{ insist(plain, req.body); }} {REFUSING} g({{ ...req.body }})", "validated ajv"),
        ("try { insist(plain, req.body); } catch (e) { console.log(e); } f(req.body.a)", "missing ajv"),
        (f"try {{ insist(plain, req.body, true, true); }} {REFUSING} f(req.body.a)", "missing ajv"),
        (
            "fresh.validate(plain, req.body); if (fresh.errors) return res.sendStatus(400); f(req.body.a)",
            "validated ajv",
        ),
        ("fresh.validate(plain, req.body); if (fresh.errors) console.log(fresh.errors); f(req.body.a)", "missing ajv"),
    ],
)
def test_errors_of_an_instance(body: str, expected: str) -> None:
    """They are there where the last validation has failed; a schema whose fields aren't known may cover anything."""
    assert verdict(endpoint(body, head=HEAD)) == expected

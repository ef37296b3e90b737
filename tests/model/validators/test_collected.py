"""Errors that are collected before somebody asks whether there are any."""

import pytest

from model.serving import endpoint, verdict

HEAD = """
const _ = require('lodash');
const Joi = require('joi');
const { body, validationResult } = require('express-validator');
const schemas = { body: Joi.object({ a: Joi.string() }) };
const refuse = () => { throw new Error('422'); };
const collect = (req, errors) => {
  for (const [part, s] of Object.entries(schemas)) {
    const { error } = s.validate(req[part]);
    if (error) errors[part] = error.message;
  }
  return errors;
};
"""
LISTED = """
const errors = Object.entries(schemas).map(([part, s]) => {
  const wrong = s.validate(req[part])?.error;
  return wrong ? [part, wrong.details] : undefined;
}).filter((one) => !!one);
"""


@pytest.mark.parametrize(
    "question",
    [
        "Object.keys(errors).length",
        "Object.keys(errors).length > 0",
        "Object.keys(errors).length !== 0",
        "Object.values(errors).length",
        "Object.entries(errors).length >= 1",
        "Object.getOwnPropertyNames(errors).length",
        "!_.isEmpty(errors)",
        "_.keys(errors).length",
        "JSON.stringify(errors) !== '{}'",
    ],
)
@pytest.mark.parametrize(
    "how",
    [
        "const errors = collect(req, {});",
        "const errors = {}; collect(req, errors);",
        (
            "const errors = Object.keys(schemas).reduce((all, part) => { const { error: wrong } ="
            " schemas[part].validate(req[part]); if (wrong) all[part] = wrong.details; return all; }, {});"
        ),
        "const errors = {}; const { error } = schemas.body.validate(req.body); if (error) errors.body = error;",
        (
            "const errors = {}; const { error } = schemas.body.validate(req.body);"
            " if (error) for (const one of error.details) errors[one.path.join('.')] = one.message;"
        ),
    ],
)
def test_in_an_object(how: str, question: str) -> None:
    """Where it is empty, every check has succeeded."""
    chain = f"(req, res, next) => {{ {how} if ({question}) refuse(); else next(); }}"
    assert verdict(endpoint("f(req.body.a)", head=HEAD, chain=chain)) == "validated joi"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"{LISTED} if (Object.keys(errors).length) refuse(); else next();", "validated joi"),
        (f"{LISTED} if (errors.length) return res.sendStatus(422); next();", "validated joi"),
        (f"{LISTED} if (!_.isEmpty(errors)) return res.sendStatus(422); next();", "validated joi"),
        (f"{LISTED} if (errors.length) console.log(errors); next();", "unknown joi"),
        (
            (
                "const errors = new Map(); const { error } = schemas.body.validate(req.body);"
                " if (error) errors.set('body', error); if (errors.size > 0) return res.sendStatus(422); next();"
            ),
            "validated joi",
        ),
        ("const errors = {}; collect(req, errors); next();", "unknown joi"),
        (
            "const errors = {}; collect(req, {}); if (Object.keys(errors).length) return refuse(); next();",
            "unknown joi",
        ),
        ("const errors = collect(req, {}); if (!Object.keys(errors).length) return refuse(); next();", "unknown joi"),
        (
            (
                "const { error } = schemas.body.validate(req.body);"
                " if (error?.details.length) return res.sendStatus(422); next();"
            ),
            "validated joi",
        ),
    ],
)
def test_in_a_list_or_a_map(source: str, expected: str) -> None:
    """What is filtered out has succeeded; another collection tells nothing."""
    chain = f"(req, res, next) => {{ {source} }}"
    assert verdict(endpoint("f(req.body.a)", head=HEAD, chain=chain)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("validationResult(req).array().length", "validated express-validator"),
        ("validationResult(req).array().length > 0", "validated express-validator"),
        ("validationResult(req).errors.length", "validated express-validator"),
        ("Object.keys(validationResult(req).mapped()).length", "validated express-validator"),
        ("validationResult(req).array().length === 0", "unknown express-validator"),
    ],
)
def test_of_express_validator(question: str, expected: str) -> None:
    """Its result as a list or an object."""
    chain = f"body('a').isString(), (req, res, next) => {{ if ({question}) return res.sendStatus(422); next(); }}"
    assert verdict(endpoint("f(req.body.a)", head=HEAD, chain=chain)) == expected

"""Middleware that validates by schemas of several request parts."""

import json

import pytest

from medpro_audit.model.subjects import Validation
from model.memory import repository

PACKAGES = ("express", "express-openapi-validator", "express-validation", "joi", "zod")
PACKAGE = json.dumps({"dependencies": dict.fromkeys(PACKAGES, "*")})


def body(middleware: str, **files: str) -> Validation:
    """The verdict on the body of an endpoint that is registered behind a middleware."""
    server = f"""
        const app = require('express')();
        const Joi = require('joi');
        const {{ z }} = require('zod');
        const schema = {{
          query: Joi.object({{ page: Joi.number() }}),
          body: Joi.object({{ name: Joi.string().required() }}),
        }};
        app.post('/patients', {middleware}, (req, res) => res.json(save(req.body.name)));
    """
    sources = {f"{name}.js": text for name, text in files.items()}
    [endpoint] = repository({"package.json": PACKAGE, "server.js": server, **sources}).endpoints
    return endpoint.validation.body


@pytest.mark.parametrize(
    "condition",
    ["object && Object.prototype.hasOwnProperty.call(object, key)", "Object.hasOwn(object, key)", "object[key]"],
)
def test_parts_that_are_picked(condition: str) -> None:
    """Only those of the request for which there is a schema, chosen by a loop of the project's own."""
    validate = f"""
        const Joi = require('joi');
        const pick = (object, keys) => keys.reduce((found, key) => {{
          if ({condition}) {{ found[key] = object[key]; }}
          return found;
        }}, {{}});
        module.exports = (schema) => (req, res, next) => {{
          const known = pick(schema, ['params', 'query', 'body']);
          const {{ value, error }} = Joi.compile(known).prefs({{ abortEarly: false }}).validate(
            pick(req, Object.keys(known)));
          if (error) {{ return next(new Error('400')); }}
          Object.assign(req, value);
          return next();
        }};
    """
    found = body("require('./validate')(schema)", validate=validate)
    assert (found.status, found.by) == ("validated", "joi")


@pytest.mark.parametrize("name", ["require('express-validation')", "require('express-validation').validate"])
def test_express_validation(name: str) -> None:
    """Its middleware checks each part by the schema that it was given; what that does not name gets past it."""
    assert (body(f"{name}(schema)").status, body(f"{name}(schema)").by) == ("validated", "joi")
    assert body(f"{name}({{ body: {{ name: Joi.string() }} }})").status == "validated"
    assert body(f"{name}({{ body: {{ other: Joi.string() }} }})").uncovered == ("name",)


@pytest.mark.parametrize(
    ("use", "is_ignored"),
    [
        ("const good = req.body.all.filter((id) => z.uuid().safeParse(id).success); save(good);", False),
        (
            "save(req.body.all.filter((id) => { if (!id) return false; return z.uuid().safeParse(id).success; }));",
            False,
        ),
        ("z.uuid().safeParse(req.body.id); save(req.body.id);", True),
        ("req.body.all.forEach((id) => { z.uuid().safeParse(id); }); save(req.body.all);", True),
    ],
)
def test_a_verdict_that_chooses_elements(use: str, *, is_ignored: bool) -> None:
    """To keep the elements that conform is to act upon the outcome."""
    found = body(f"(req, res, next) => {{ {use} next(); }}")
    assert (found.status, found.is_ignored) == ("missing", is_ignored)


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ("{ apiSpec: 'openapi.yaml', validateRequests: true }", "unknown"),
        ("{ apiSpec }", "unknown"),
        ("{ apiSpec, validateRequests: false, validateResponses: true }", "missing"),
    ],
)
def test_validation_by_an_openapi_document(options: str, status: str) -> None:
    """What express-openapi-validator refuses is in the document: it may check whatever is read behind it."""
    found = body(f"require('express-openapi-validator').middleware({options})")
    assert found.status == status
    assert status == "missing" or "express-openapi-validator" in (found.reason or "")


@pytest.mark.parametrize("imported", ["const { OpenApiValidator }", "const OpenApiValidator"])
@pytest.mark.parametrize("routes", ["install(app); %s", "install(app).then(() => { %s });", "installSync(app); %s"])
def test_an_openapi_document_that_is_installed(imported: str, routes: str) -> None:
    """Up to the third version of express-openapi-validator; routes are registered then, or when its promise is done."""
    registered = "app.post('/patients', (req, res) => res.json(save(req.body.name)));"
    server = f"""
        const app = require('express')();
        {imported} = require('express-openapi-validator');
        new OpenApiValidator({{ apiSpec: 'openapi.yaml' }}).{routes % registered}
    """
    [endpoint] = repository({"package.json": PACKAGE, "server.js": server}).endpoints
    assert endpoint.validation.body.status == "unknown"


def test_a_refusal_that_is_reported_makes_a_middleware_no_measurement() -> None:
    """It validates, and tells an error tracker of what it refuses."""
    server = """
        const app = require('express')();
        const Sentry = require('@sentry/node');
        const schema = require('zod').z.object({ name: require('zod').z.string() });
        const checked = (req, res, next) => {
          const { success, error } = schema.safeParse(req.body);
          if (!success) { Sentry.captureException(error); return res.sendStatus(400); }
          next();
        };
        app.post('/patients', checked, (req, res) => res.json(save(req.body.name)));
    """
    [endpoint] = repository({"package.json": PACKAGE, "server.js": server}).endpoints
    assert [use.roles for use in endpoint.middleware] == [("validation",)]

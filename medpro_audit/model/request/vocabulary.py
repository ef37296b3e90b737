"""Names of calls by which it is guessed what becomes of request data in code that isn't followed."""

import re

VALIDATING = {"parse", "parseAsync", "safeParse", "safeParseAsync", "validate", "validateAsync", "validateSync"}
"""Methods whose name says that they validate: not enough for a verdict, enough for a doubt."""

UNFOLDING = frozenset(
    ("constructEvent", "constructEventAsync", "decode", "deserialize", "deserializeBinary", "fromBinary")
)
"""Methods that take a whole body by a schema of another kind, or by its signature: the same."""

VALIDATORS = frozenset(
    (  # noqa: SIM905 - a table of words
        "@effect/schema @sinclair/typebox arktype effect fastest-validator io-ts is-my-json-valid jsonschema myzod "
        "node-input-validator runtypes superstruct tv4 typebox typia valibot validate.js validatorjs z-schema"
    ).split()
)
"""Packages for validation of which no model says what they check: whatever is handed to them, the same."""

TELLING = re.compile(
    r"(?:debug|error|fatal|info|log|trace|warn|warning|addBreadcrumb|capture(?:Event|Message)|isBuffer"
    r"|set(?:Attributes?|Contexts?|Extras?|Tags?)|\w+(?:Error|Exception))$"
)
"""Methods of loggers, of tracing and of packages that errors are reported to: to tell what was sent or refused is no
use of it; nor is it to ask what it is."""

DEFINING = frozenset(("define", "model"))
"""Methods that make a class of records."""

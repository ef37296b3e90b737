"""What npm packages say of the modules that use them. To teach one, add a line."""

from medpro_audit.model.drivers import drivers

MODELS = frozenset(
    [
        "@mikro-orm/core",
        "@nestjs/mongoose",
        "@nestjs/typeorm",
        "@sequelize/core",
        "@typegoose/typegoose",
        "bookshelf",
        "drizzle-orm",
        "mongoose",
        "mongoose-sequence",
        "objection",
        "sequelize",
        "sequelize-typescript",
        "typeorm",
        "waterline",
    ]
)
"""Packages whose classes and calls define models of data."""

STORES_OF_SESSIONS = frozenset(
    ["connect-session-knex", "connect-session-sequelize", "connect-typeorm", "express-session-sequelize"]
)
"""Stores of express-session that are given a model of the table that they keep the sessions in."""

VALIDATORS = frozenset(
    [
        "@hapi/joi",
        "@sinclair/typebox",
        "@asteasolutions/zod-to-openapi",
        "ajv",
        "arktype",
        "celebrate",
        "class-validator",
        "express-validation",
        "express-validator",
        "fluent-json-schema",
        "io-ts",
        "joi",
        "superstruct",
        "valibot",
        "yup",
        "zod",
    ]
)
"""Packages by which schemas are defined."""

SETTINGS = frozenset(
    [
        "@t3-oss/env-core",
        "config",
        "convict",
        "dotenv",
        "dotenv-expand",
        "dotenv-flow",
        "dotenv-safe",
        "env-cmd",
        "env-var",
        "envalid",
        "nconf",
        "rc",
    ]
)
"""Packages that read settings."""

REACHING = frozenset(
    [
        "@elastic/elasticsearch",
        "@google-cloud/storage",
        "@mailchimp/mailchimp_marketing",
        "@notionhq/client",
        "@octokit/rest",
        "@sendgrid/mail",
        "@slack/web-api",
        "@supabase/supabase-js",
        "agenda",
        "amqplib",
        "aws-sdk",
        "axios",
        "bee-queue",
        "bull",
        "bullmq",
        "cloudinary",
        "cross-fetch",
        "discord.js",
        "firebase-admin",
        "google-auth-library",
        "googleapis",
        "got",
        "kafkajs",
        "ky",
        "ldapjs",
        "mailgun-js",
        "meilisearch",
        "minio",
        "mqtt",
        "nats",
        "needle",
        "node-cron",
        "node-fetch",
        "node-schedule",
        "nodemailer",
        "openai",
        "postmark",
        "pusher",
        "razorpay",
        "request",
        "request-promise",
        "resend",
        "socket.io-client",
        "stripe",
        "superagent",
        "twilio",
        "undici",
        "web-push",
        "ws",
    ]
)
"""Packages that reach something outside of the process, besides database drivers."""
_REACHING_SCOPES = ("@aws-sdk/", "@azure/", "@google-cloud/")

CONTROLLERS = frozenset(("routing-controllers", "tsoa", "@tsoa/runtime", "inversify-express-utils"))
"""Packages by whose decorators a class handles requests."""


def reaches_out(package: str) -> bool:
    """Whether a package reaches something outside of the process."""
    return package in REACHING or package in drivers() or package.startswith(_REACHING_SCOPES)

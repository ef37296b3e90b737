"""Small applications, and the request data that reaches something dangerous in them."""

from medpro_audit.model.subjects.flow import Flow
from model.memory import Files, repository

_HEAD = """
const express = require('express');
const mysql = require('mysql2');
const mongoose = require('mongoose');
const Joi = require('joi');
const { z } = require('zod');
const { body, validationResult } = require('express-validator');
const pool = mysql.createPool({});
const User = mongoose.model('User', {});
const app = express();
"""


def flows(source: str, files: Files | None = None) -> list[Flow]:
    """All of it, by place; the source is that of the program's one module, which has some packages at hand."""
    found = repository({"server.js": _HEAD + source, **(files or {})}).found("flow")
    return [flow for flow in found if isinstance(flow, Flow)]

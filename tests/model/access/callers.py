"""Small applications of one endpoint, and who may call it in a word or two."""

from medpro_audit.model.subjects import Endpoint
from model.memory import repository

HEAD = """
const express = require('express');
const bcrypt = require('bcrypt');
const crypto = require('crypto');
const jose = require('jose');
const jwt = require('jsonwebtoken');
const mongoose = require('mongoose');
const passport = require('passport');
const session = require('express-session');
const SECRET = process.env.JWT_SECRET;
const User = mongoose.model('User', new mongoose.Schema({}));
const Visit = mongoose.model('Visit', new mongoose.Schema({}));
const app = express();
app.use(express.json());
"""
HANDLER = "(req, res) => res.json([])"


def behind(*functions: str, before: str = "", method: str = "get") -> Endpoint:
    """An endpoint behind these functions; ``before`` stands before it in the program."""
    chain = ", ".join((*functions, HANDLER))
    return served(f"{before}\napp.{method}('/x', {chain});")


def handled(handler: str, *guards: str, before: str = "", method: str = "post") -> Endpoint:
    """An endpoint with this handler."""
    return served(f"{before}\napp.{method}('/x/:id', {', '.join((*guards, handler))});")


def served(source: str) -> Endpoint:
    """The last endpoint of a program."""
    return repository({"server.js": f"{HEAD}\n{source}\napp.listen(3000);"}).endpoints[-1]


def callers(endpoint: Endpoint) -> str:
    """The verdict on authentication, and how callers are known."""
    access = endpoint.access
    return " ".join((access.authentication, *access.schemes))


def rights(endpoint: Endpoint) -> str:
    """The verdict on authorization, what is checked, and the roles that are let in."""
    access = endpoint.access
    return " ".join((access.authorization, *access.authorization_kinds, *access.roles))

"""What passwords are hashed with, and whether they are."""

import json

import pytest

from medpro_audit.model.subjects.password_use import PasswordUse
from model.memory import repository

_HEAD = """
const express = require('express');
const mongoose = require('mongoose');
const mysql = require('mysql2');
const bcrypt = require('bcrypt');
const crypto = require('crypto');
const pool = mysql.createPool({});
const User = mongoose.model('User', {});
const app = express();
"""


def _uses(handler: str, *dependencies: str) -> list[tuple[str, str]]:
    package = json.dumps({"dependencies": dict.fromkeys(dependencies, "*")})
    source = f"{_HEAD}\napp.post('/', (req, res) => {{ const {{ email, password }} = req.body; {handler} }});"
    found = repository({"server.js": source, "package.json": package}).found("password-use")
    return [(each.use, each.strength) for each in found if isinstance(each, PasswordUse)]


@pytest.mark.parametrize(
    ("call", "strength"),
    [
        ("bcrypt.hash(password, 12)", "strong"),
        ("bcrypt.hash(password, 9)", "weak"),
        ("bcrypt.hash(password, salt)", "strong"),
        ("bcrypt.hash(password, config.rounds)", "unknown"),
        ("bcrypt.genSaltSync()", "strong"),
        ("crypto.pbkdf2Sync(password, email, 210000, 64, 'sha512')", "strong"),
        ("crypto.pbkdf2Sync(password, email, 210000, 64, 'sha256')", "weak"),
        ("crypto.pbkdf2Sync(password, email, 210000, 64, digest)", "unknown"),
        ("crypto.scryptSync(password, email, 64)", "strong"),
        ("crypto.createHash('sha512').update(`${email}${password}`)", "weak"),
        ("crypto.createHmac('sha256', key).update(password)", "weak"),
        ("const mark = '$apr1$'; crypto.createHash('md5').update(password + mark)", "unknown"),
    ],
)
def test_how_strong_a_hash_is(call: str, strength: str) -> None:
    """By the algorithm and its rounds, as OWASP has them."""
    assert _uses(f"{call};") == [("hash", strength)]


@pytest.mark.parametrize(
    "call",
    [
        "crypto.createHash('md5').update(email)",
        "crypto.pbkdf2Sync(key, email, 1, 64, 'sha1')",
        "const k = crypto.pbkdf2Sync(password, email, 1, 32, 'sha1'); crypto.createCipheriv('aes-256-cbc', k, email)",
    ],
)
def test_a_hash_of_something_else_is_not_one_of_a_password(call: str) -> None:
    """What is hashed decides, and what for: a key that encrypts is stored nowhere."""
    assert _uses(f"{call};") == []


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("pool.query('INSERT INTO users SET email = ?, password = ?', [email, password])", [("storage", "plain")]),
        ("pool.query('INSERT INTO users SET password = SHA2(?, 256)', [password])", []),
        ("pool.query('SELECT 1 FROM users WHERE password = ?', [password])", [("comparison", "plain")]),
        ("User.create({ email, password })", [("storage", "plain")]),
        ("User.findOne({ email }).then((user) => user.password === password)", [("comparison", "plain")]),
        ("if (password !== req.body.confirmPassword) res.end()", []),
    ],
)
def test_a_password_is_plain_where_nothing_can_have_hashed_it(handler: str, expected: list[tuple[str, str]]) -> None:
    """It reaches the database, or what came from there, as it was sent."""
    assert _uses(f"{handler};") == expected


def test_a_model_whose_back_end_hashes_may_do_so_in_a_hook() -> None:
    """That can't be seen, and is no finding."""
    assert _uses("User.create({ email, password });", "bcrypt") == []

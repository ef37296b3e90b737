"""What the code of small repositories asks databases, and what it waits for."""

from collections.abc import Mapping
from typing import cast

from medpro_audit.model.subjects import Repository
from medpro_audit.model.subjects.query import Query
from medpro_audit.model.subjects.slow_call import SlowCall
from model.memory import repository

PACKAGE = '{"name": "clinic", "dependencies": {"express": "^5.1.0", "mysql2": "^3.14.0"}}'
SCHEMA = """
CREATE TABLE patients (
  id INT AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(80) NOT NULL,
  email VARCHAR(160) NOT NULL UNIQUE,
  ward_id INT NOT NULL,
  born DATE NOT NULL,
  is_archived BOOLEAN NOT NULL DEFAULT FALSE,
  history TEXT
);
CREATE TABLE visits (
  id INT AUTO_INCREMENT PRIMARY KEY,
  patient_id INT NOT NULL,
  starts_at DATETIME NOT NULL,
  status VARCHAR(16) NOT NULL,
  CONSTRAINT visit_patient FOREIGN KEY (patient_id) REFERENCES patients (id)
);
CREATE TABLE notes (id INT PRIMARY KEY, visit_id INT NOT NULL, text TEXT);
"""

HEAD = """
const express = require('express');
const mysql = require('mysql2/promise');
const pool = mysql.createPool({ host: process.env.DB_HOST });
const app = express();
app.listen(3000);
"""


def clinic(code: str, files: Mapping[str, str] | None = None, *, schema: str = SCHEMA) -> Repository:
    """Model a small back end: its head, then this code."""
    return repository({"package.json": PACKAGE, "schema.sql": schema, "server.js": HEAD + code, **(files or {})})


def queries(code: str, files: Mapping[str, str] | None = None, *, schema: str = SCHEMA) -> list[Query]:
    """What it asks the database, by place."""
    return cast("list[Query]", list(clinic(code, files, schema=schema).found("query")))


def query(sql: str, values: str = "[req.params.id]", *, schema: str = SCHEMA) -> Query:
    """The one statement of a handler; it is written as it would stand in code."""
    (found,) = queries(handler(f"await pool.query({sql}, {values})"), schema=schema)
    return found


def handler(code: str, *, path: str = "/x/:id") -> str:
    """A GET endpoint that does something."""
    return f"app.get('{path}', async (req, res) => {{ const [rows] = {code}; res.json(rows); }});"


def slow_calls(code: str, files: Mapping[str, str] | None = None) -> list[SlowCall]:
    """What requests wait for, by place."""
    return cast("list[SlowCall]", list(clinic(code, files).found("slow-call")))

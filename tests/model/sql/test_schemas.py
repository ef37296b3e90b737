"""What SQL files, migrations and Prisma schemas say of tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.lowering import lowered
from medpro_audit.core.place import Place
from medpro_audit.facts import ir
from medpro_audit.model.sql.builders import learn_call
from medpro_audit.model.sql.definitions import definitions_in, learn
from medpro_audit.model.sql.prisma_models import learn_prisma
from medpro_audit.model.sql.schema import Dialect, Schema, Table
from model.asking import handler, queries

PLACE = Place("schema.sql", 1)


def table(sql: str, name: str = "t", dialect: Dialect = "mysql") -> Table:
    """The table that these statements define."""
    schema = Schema(dialect)
    for statement, _ in definitions_in(sql):
        learn(schema, statement, PLACE)
    found = schema.table(name)
    assert found is not None
    return found


def first_columns(found: Table, dialect: Dialect = "mysql") -> set[str]:
    """By which columns rows are found."""
    return {index.columns[0] for index in found.leads(dialect)}


DUMP = """
-- a dump; with a comment
CREATE TABLE `t` (
  `id` int(11) NOT NULL,
  `email` varchar(80) NOT NULL,
  `note` varchar(80) DEFAULT 'a;b',
  KEY `by_note` (`note`(10)),
  FULLTEXT KEY `words` (`email`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `t` VALUES (1, 'CREATE INDEX x ON t (y);', '');
/*!40000 ALTER TABLE `t` DISABLE KEYS */;
ALTER TABLE `t` ADD PRIMARY KEY (`id`), ADD UNIQUE KEY `email` (`email`,`id`);
ALTER TABLE `t` MODIFY `id` int(11) NOT NULL AUTO_INCREMENT;
"""


def test_a_dump_is_read_with_what_it_alters() -> None:
    """Keys that follow in ALTER TABLE count; a full-text index does not serve a comparison."""
    found = table(DUMP)
    assert set(found.columns) == {"id", "email", "note"}
    assert first_columns(found) == {"id", "email", "note"}
    assert found.is_unique({"id"})
    assert not found.is_unique({"email"})
    assert found.is_certain


@pytest.mark.parametrize(("dialect", "has"), [("mysql", True), ("postgres", False)])
def test_a_foreign_key_brings_an_index_in_mysql_only(dialect: Dialect, has: bool) -> None:
    """InnoDB makes it, PostgreSQL does not."""
    sql = "CREATE TABLE t (id INT PRIMARY KEY, a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES b (id));"
    assert ("a" in first_columns(table(sql, dialect=dialect), dialect)) is has


def test_what_owns_a_table_does_not_matter() -> None:
    """PostgreSQL's dumps hold much that says nothing of indexes."""
    sql = 'CREATE TABLE public.t (id integer NOT NULL);\nALTER TABLE public.t OWNER TO "postgres";'
    assert table(sql, dialect="postgres").is_certain


@given(st.text(alphabet="';-/*\n`$ aCREATETABLE()", max_size=80))
def test_any_file_is_taken_apart(text: str) -> None:
    """Into statements that stand in it, in order."""
    offsets = [at for _, at in definitions_in(text)]
    assert offsets == sorted(offsets)


USED = handler("await pool.query('SELECT id FROM t WHERE a = ? AND b = ? AND c = ?', [1, 2, 3])")
KNEX = """
exports.up = (knex) => knex.schema.createTable('t', (table) => {
  table.increments('id').primary();
  table.string('a').notNullable()%s;
  table.integer('b').unsigned();
  table.boolean('c').defaultTo(false);
  %s
});
"""
SEQUELIZE = """
module.exports = {
  up: async (queryInterface, Sequelize) => {
    await queryInterface.createTable('t', {
      id: { type: Sequelize.INTEGER, primaryKey: true },
      a: { type: Sequelize.STRING },
      b: Sequelize.INTEGER,
      c: Sequelize.BOOLEAN,
    });
    %s
  },
};
"""


MODEL = """
const { DataTypes, Model } = require('sequelize');
module.exports = (sequelize) => sequelize.define('t', {
  a: { type: DataTypes.STRING%s },
  b: DataTypes.INTEGER,
  c: DataTypes.BOOLEAN,
}, { freezeTableName: true%s });
"""
INIT = """
const { DataTypes, Model } = require('sequelize');
class Thing extends Model {}
Thing.init({ a: { type: DataTypes.STRING%s }, owner: { type: DataTypes.INTEGER, field: 'b' }, c: DataTypes.BOOLEAN },
  { sequelize, %s });
"""
ENTITY = """
import { BaseEntity, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity('t')%s
export class Thing extends BaseEntity {
  @PrimaryGeneratedColumn() id: number;
  %s
  @Column({ name: 'b' }) owner: number;
  @Column({ type: 'boolean' }) c: boolean;
  %s
}
"""


@pytest.mark.parametrize(
    ("model", "missing"),
    [
        (MODEL % ("", ""), True),
        (MODEL % (", unique: true", ""), False),
        (MODEL % ("", ", indexes: [{ fields: ['b'] }]"), False),
        (MODEL % ("", ", indexes: [{ unique: true, fields: [{ name: 'a', order: 'DESC' }, 'c'] }]"), False),
        (MODEL % ("", ", indexes: [{ type: 'FULLTEXT', fields: ['a'] }]"), True),
        (MODEL % ("", ", indexes: [{ fields: ['d'] }]"), True),
        (MODEL % ("", ", indexes: shared"), None),
        (INIT % ("", "tableName: 't'"), True),
        (INIT % ("", "tableName: 't', indexes: [{ fields: ['b'] }]"), False),
        (INIT % ("", "modelName: 't'"), True),
        (INIT % ("", "modelName: 'other'"), None),
        (ENTITY % ("", "@Column() a: string;", ""), True),
        (ENTITY % ("", "@Index() @Column() a: string;", ""), False),
        (ENTITY % ("", "@Column({ unique: true }) a: string;", ""), False),
        (ENTITY % ("", "@PrimaryColumn() a: string;", ""), True),
        (ENTITY % (" @Index(['owner', 'c'])", "@Column() a: string;", ""), False),
        (ENTITY % (" @Index('by_owner', ['owner'], { unique: true })", "@Column() a: string;", ""), False),
        (ENTITY % (" @Unique(['a', 'owner'])", "@Column() a: string;", ""), False),
        (ENTITY % (" @Index((thing) => [thing.owner])", "@Column() a: string;", ""), None),
        (ENTITY % ("", "", "@ManyToOne(() => User) @JoinColumn({ name: 'a' }) user: User;"), False),
        ((ENTITY % ("", "@Column() a: string;", "")).replace("BaseEntity {", "Dated {"), None),
    ],
)
def test_models_define_tables(model: str, missing: bool | None) -> None:
    """Of Sequelize and TypeORM, with what stands at a column, at the class, and in the options."""
    (found,) = [each for each in queries(USED, {"models/thing.ts": model}, schema="") if each.file == "server.js"]
    assert found.index.missing is missing


@pytest.mark.parametrize(
    ("migration", "missing"),
    [
        ("", True),
        ("i.addColumn('t', 'z', S.STRING)", None),
        ("i.createTable('t', { id: S.INTEGER }); i.addColumn('t', 'z', S.STRING)", True),
        ("i.addColumn('u', 'z', S.STRING)", True),
    ],
)
def test_a_table_that_migrations_change_and_none_creates_is_not_known(migration: str, missing: bool | None) -> None:
    """It was created elsewhere, and a model need not name its indexes."""
    files = {"models/thing.js": MODEL % ("", ""), "migrations/1.js": f"exports.up = (i, S) => {{ {migration}; }};"}
    (found,) = [each for each in queries(USED, files, schema="") if each.file == "server.js"]
    assert found.index.missing is missing


@pytest.mark.parametrize(
    ("model", "tables"),
    [
        ("sequelize.define('Category', {});", {"category", "categories"}),
        ("sequelize.define('bus', {});", {"bus", "buses"}),
        ("sequelize.define('day', {}, { tableName: 'calendar' });", {"calendar"}),
        ("app.define('x', y); i18n.init({ lng: 'en' }, options);", set()),
    ],
)
def test_a_model_may_go_by_the_plural_of_its_name(model: str, tables: set[str]) -> None:
    """Which is what Sequelize makes of it, unless the options say otherwise."""
    schema = Schema("mysql")
    for node in ir.walk(lowered(model)):
        if isinstance(node, ir.Call):
            learn_call(schema, node, PLACE)
    assert {each.name.lower() for each in schema.tables} == tables


@pytest.mark.parametrize(
    ("migration", "missing"),
    [
        (KNEX % ("", ""), True),
        (KNEX % (".index()", ""), False),
        (KNEX % (".unique()", ""), False),
        (KNEX % ("", "table.index(['b', 'a']);"), False),
        (KNEX % ("", "table.index(['c', 'a']);"), False),
        (KNEX % ("", "table.foreign('b').references('u.id');"), False),
        (SEQUELIZE % "", True),
        (SEQUELIZE % "await queryInterface.addIndex('t', ['a']);", False),
        (SEQUELIZE % "await queryInterface.addIndex('t', { fields: ['b'], unique: true });", False),
        (SEQUELIZE % "await queryInterface.addConstraint('t', { fields: ['a'], type: 'unique' });", False),
        (SEQUELIZE % "await queryInterface.addIndex('t', fields);", None),
        (SEQUELIZE % "await queryInterface.changeColumn('t', 'a', { type: Sequelize.STRING, unique: true });", False),
        (SEQUELIZE % "await queryInterface.addColumn('t', 'd', { type: Sequelize.STRING, unique: true });", True),
        ("exports.up = (db) => db.query('CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, c INT)');", True),
        ("exports.up = (db) => db.query(`CREATE TABLE t (id INT, a INT, b INT, c INT, INDEX (a))`);", False),
    ],
)
def test_migrations_define_tables(migration: str, missing: bool | None) -> None:
    """Knex, Sequelize, and SQL in code."""
    files = {"migrations/001.js": migration}
    (found,) = [each for each in queries(USED, files, schema="") if each.file == "server.js"]
    assert found.index.missing is missing


def test_a_prisma_schema_defines_tables() -> None:
    """With the names that are mapped, keys of several fields, and relations."""
    schema = Schema("postgres")
    text = """
    model Visit { // visits of a patient
      id        Int      @id @default(autoincrement())
      patientId Int      @map("patient_id")
      code      String   @unique
      startsAt  DateTime
      patient   Patient  @relation(fields: [patientId], references: [id])
      notes     Note[]

      @@index([patientId, startsAt(sort: Desc)])
      @@map("visits")
    }
    """
    learn_prisma(schema, text, "schema.prisma")
    found = schema.table("visits")
    assert found is not None
    assert set(found.columns) == {"id", "patient_id", "code", "startsat"}
    assert first_columns(found, "postgres") == {"id", "code", "patient_id"}
    assert found.references == [("patient_id",)]

"""The methods by which drivers, ORMs and query builders ask a database: the one list of them."""

from __future__ import annotations

from collections.abc import Mapping

from medpro_audit.model.subjects.query import Kind


def _methods(*, select: str, insert: str, update: str, delete: str) -> Mapping[str, Kind]:
    kinds: dict[Kind, str] = {"select": select, "insert": insert, "update": update, "delete": delete}
    return {name: kind for kind, names in kinds.items() for name in names.split()}


_MONGOOSE = _methods(
    select="find findOne findById count countDocuments estimatedDocumentCount distinct exists aggregate",
    insert="create insertMany",
    update="updateOne updateMany findOneAndUpdate findByIdAndUpdate replaceOne",
    delete="deleteOne deleteMany findOneAndDelete findByIdAndDelete findByIdAndRemove findOneAndRemove",
)
_SEQUELIZE = _methods(
    select="findAll findOne findByPk count findAndCountAll findOrCreate max min sum",
    insert="create bulkCreate",
    update="update upsert increment decrement",
    delete="destroy",
)
_PRISMA = _methods(
    select="findMany findUnique findUniqueOrThrow findFirst findFirstOrThrow count aggregate groupBy",
    insert="create createMany",
    update="update updateMany upsert",
    delete="delete deleteMany",
)
_TYPEORM = _methods(
    select="find findBy findOne findOneBy findOneOrFail findOneByOrFail findAndCount count countBy exists existsBy",
    insert="save insert",
    update="update upsert",
    delete="delete remove softDelete softRemove",
)
_KNEX = _methods(select="first select pluck count", insert="insert", update="update", delete="del delete")

METHODS: Mapping[str, Mapping[str, Kind]] = {
    "mongoose": _MONGOOSE,
    "mongodb": _MONGOOSE,
    "sequelize": _SEQUELIZE,
    "@sequelize/core": _SEQUELIZE,
    "sequelize-typescript": _SEQUELIZE,
    "@prisma/client": _PRISMA,
    "typeorm": _TYPEORM,
    "knex": _KNEX,
}
"""What each method of an ORM or query builder asks, by package."""

_ON_ANYTHING = frozenset(("first", "max", "min", "pluck"))
"""Of these, the ones that lists and documents have too."""

NAMED = frozenset(name for methods in METHODS.values() for name in methods) - _ON_ANYTHING | frozenset(
    (  # noqa: SIM905 - a table of words
        "$executeRaw $executeRawUnsafe $queryRaw $queryRawUnsafe $transaction aggregateRaw batchInsert bulkWrite "
        "createManyAndReturn createQueryBuilder execute executeTakeFirst executeTakeFirstOrThrow findOneAndReplace "
        "getMany getManyAndCount getOne getRawMany getRawOne insertOne paginate populate query raw selectFrom "
        "transaction truncate updateOne"
    ).split()
)
"""Methods that ask the database for something, whatever driver or model they are called on."""

QUERIES = NAMED | frozenset(
    ("all", "any", "each", "exec", "get", "many", "manyOrNone", "none", "one", "oneOrNone", "run")
)
"""The same, with those of drivers whose names say nothing by themselves: documents have a ``get`` as well."""

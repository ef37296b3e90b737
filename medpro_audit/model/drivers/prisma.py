"""Prisma, whose settings stand in its schema or in a driver adapter: https://www.prisma.io/docs/orm/prisma-client."""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys

PACKAGE = "@prisma/client"

DRIVERS = (
    Driver(
        PACKAGE,
        {"PrismaClient": Opening("orm", ("options",))},
        Options(fields={}, urls=keys("datasourceUrl", "datasources.db.url"), clients=keys("adapter")),
    ),
)

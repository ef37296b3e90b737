"""The database drivers that are known, one file for each kind of database or ORM.

A file holds ``DRIVERS``, a tuple of `model.database.driver.Driver`; files are found by being there.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from medpro_audit.model.database.driver import Driver
from medpro_audit.model.subjects.connection import Purpose

SESSION_STORES = frozenset(("connect-mongo", "connect-pg-simple", "express-mysql-session"))
"""Packages that connect by themselves to keep the sessions of express-session."""


@cache
def drivers() -> Mapping[str, Driver]:
    """All drivers by package."""
    names = sorted(module.name for module in iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return {driver.package: driver for module in modules for driver in module.DRIVERS}


def purpose_of(package: str) -> Purpose:
    """What the connections of a driver are for."""
    if is_cache(package):
        return "cache"
    return "sessions" if package in SESSION_STORES else "records"


def is_cache(package: str) -> bool:
    """Whether a driver speaks to a cache, which is no duplicate of a database."""
    driver = drivers().get(package)
    return driver is not None and driver.family == "redis"

"""The tools around the code of a back end: linter, formatter, hooks, lockfile, Node version, types, updates.

A tool counts as set up only where it is configured, installed and run by something: a script, a hook or continuous
integration. What stands at the root of a monorepo counts for its packages.
"""

"""Turns an audit's result into text: one module here or one template in ``reports/`` for each format.

Nothing in here writes a file or decides an exit code.
"""

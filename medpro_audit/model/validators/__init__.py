"""Validation libraries: one file each that says what makes a schema and what validates by it."""

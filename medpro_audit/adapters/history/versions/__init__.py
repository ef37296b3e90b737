"""Layouts of the history, one file each."""

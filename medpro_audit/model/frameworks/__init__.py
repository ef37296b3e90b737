"""Web frameworks: one file each that says what creates a router, what registers on it and what mounts another.

A file is named after a word that the names of its packages have; ``PACKAGES`` says what importing one of them yields.
"""

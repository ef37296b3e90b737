"""Surveys: each file finds all subjects of one kind in a repository.

A file is named as the kind of subject (``log_call.py`` for ``log-call``) and holds ``survey(known)``, which yields
subjects of the type that the file of the same name in `model.subjects` declares, sorted. Files are found by being
there.
"""

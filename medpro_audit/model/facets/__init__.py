"""Facets: each file says one thing of every endpoint, such as who may call it or which test does.

A file is named as the field of `subjects.Endpoint` that it fills, and holds ``facet(known)``, which returns one value
for each endpoint, in their order. Files are found by being there.
"""

"""Coverage reports: lcov, Istanbul's JSON in full and in summary, Clover and Cobertura XML.

A report is data that nobody vouches for: it is capped, its XML may declare no entities, and a path in it counts only
when the repository has such a file. How old it is no file says; that it belongs to other sources, its content does.
"""

"""Abstract interpretation: what the wiring code of an application makes of its values.

The interpreter runs module code and functions over abstract values (`values`): constants, objects, functions, classes,
choices between several values, and *unknown* with a reason. Where a condition is unknown both branches run and their
outcomes are joined (`journal`). Calls that leave the program go to models of libraries (`library`). Nothing of the
scanned repository is executed by a JavaScript engine; the interpreter only follows values, within a budget of steps.
"""

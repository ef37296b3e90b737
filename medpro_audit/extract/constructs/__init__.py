"""How each construct of the language is lowered: one module for a family, each with its table by kind of node."""

"""SQL in the code: statements rebuilt from strings, the schema that they are asked of, and the indexes they need."""

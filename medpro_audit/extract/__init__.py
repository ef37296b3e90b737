"""From bytes to facts: a pure function of a file's content and language."""

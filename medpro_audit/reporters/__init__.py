"""From a result to text: one module per format, none writes a file."""

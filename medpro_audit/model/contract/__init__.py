"""What clients can rely on: what schemas and the documentation say of each place of a value, one line for each."""

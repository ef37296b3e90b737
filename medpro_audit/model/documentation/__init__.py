"""API documentation: what it says, where it comes from, and which endpoint each operation is about."""

"""Readers of settings files: each yields what one file says of databases, and never a password."""

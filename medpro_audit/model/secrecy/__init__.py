"""Secrets, passwords and health data: where they stand, how they are kept, and who gets them."""

"""Web frameworks: one file each that says what creates a router, what registers on it and what mounts another."""

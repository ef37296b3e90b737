"""Where records of scans are kept: one SQLite file, or a PostgreSQL database for a team."""

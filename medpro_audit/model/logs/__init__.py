"""What the code logs, with which logger, and what it does with errors that it catches."""

"""What was measured earlier: a record for each scan that was kept, and what a row of records says.

Values only; `adapters.history_store` keeps them.
"""

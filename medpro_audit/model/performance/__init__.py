"""What requests cost: which functions serve them, what these wait for, and what they could remember."""

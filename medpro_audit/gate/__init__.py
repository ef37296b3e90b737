"""The verdict: findings and metrics held against a policy."""

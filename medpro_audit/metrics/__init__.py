"""The scorecard: success metrics as fractions of what the rules measured."""

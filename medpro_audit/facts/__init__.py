"""What one file says, as plain frozen values that can be stored; nothing here is resolved across files."""

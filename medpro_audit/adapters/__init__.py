"""Everything that touches the world outside: disk, configuration files, shipped resources."""

"""What each module is, where it stands and where it belongs, and who depends on whom."""

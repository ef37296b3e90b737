"""Where the code connects to databases, with which settings, and what settings files say of the same."""

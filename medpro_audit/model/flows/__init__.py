"""Request data on its way through the program: what it reaches, in which form, and what has checked it by then."""

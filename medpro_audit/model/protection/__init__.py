"""How a server is protected as a whole: tokens, cookies, headers, origins, limits."""

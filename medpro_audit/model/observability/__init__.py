"""How the requests, errors and resources of a server are watched.

Evidence is a call that is made, a package that server code imports, or a file of a known form. A name alone, such as a
path ``/health``, only says where to look.
"""

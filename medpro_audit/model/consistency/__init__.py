"""Whether the endpoints of a back end are built alike: the pattern of their routes, the form of their answers."""

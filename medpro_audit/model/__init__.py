"""From facts of single files to the model of a repository: import graph, endpoints, connections, log calls."""

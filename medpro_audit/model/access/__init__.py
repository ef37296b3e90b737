"""Who may call an endpoint: what its functions check before they pass on or answer.

Evidence is kept on the paths of execution, as that of validation is. Where a token has been verified, a session was
looked up or a user was found on the request, the path has a *standing*; where the caller's role was held against what
is asked for, it has a *permission*. A function authenticates when every path on which it passes on has a standing.
"""

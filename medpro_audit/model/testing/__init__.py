"""What is tested: the tests as they are written, the requests that they make, and what reports say they cover.

The calls of tests are not guessed from their text. `rehearsal` runs the files that make requests in the interpreter
that has followed the application, so that a path that a helper puts together from constants, and an application that a
fixture builds, are what they are when the tests run. `matching` finds the endpoint that answers each request.
"""

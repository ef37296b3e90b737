"""The words and values that every stage shares.

One word for one thing, everywhere in the code, the reports and the rule packs:

endpoint
    A method and a full path that an application answers, with everything in effect on the way to its handler.
application
    The object an ``express()`` call makes; the root of a routing tree.
router
    A mountable part of an application; *mounting* hangs it below a path.
registration
    A call such as ``router.get(path, …)`` or ``app.use(path, …)``, in order.
middleware
    A function that runs before the handler; its *scope* is application, router or route, its *role* what it does.
handler
    The function that does the work of an endpoint; a *wrapper* (``asyncHandler``) only calls it.
request part
    ``body``, ``params``, ``query`` or ``headers``.
schema
    A value that can validate a request part.
module
    One source file; *import specifier* is the string by which another module names it.
back end
    One package (nearest ``package.json``) that serves HTTP; a repository may hold several.
connection
    A place that opens a database connection or makes a pool.
fact
    What one file says, before anything is resolved across files.
finding
    A subject that breaks a rule. *measure*: of how many subjects a rule holds.
trail
    The steps, each a place and a sentence, that led to a verdict.
verdict
    yes, no or unknown; unknown always carries its reason and never counts as good.
notice
    Something the analysis could not read or follow; never a fault of the scanned code.
"""

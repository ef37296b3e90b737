"""Programs with two routes of which the first may take the requests of the second, and a request for the second.

Each handler answers with its own name; the second is called ``second``.
"""

HEAD = "const express = require('express'); const app = express();\n"
TAIL = "\nconst server = require('http').createServer(app); server.listen(0);\n"
_FIRST = "(req, res) => { res.send('first'); }"
_SECOND = "(req, res) => { res.send('second'); }"

_REQUEST = "GET /doctors/search"

SHADOWED = {
    "a parameter": f"app.get('/doctors/:id', {_FIRST}); app.get('/doctors/search', {_SECOND});",
    "the same path": f"app.get('/doctors/search', {_FIRST}); app.get('/doctors/search', {_SECOND});",
    "all methods": f"app.all('/doctors/:id', {_FIRST}); app.get('/doctors/search', {_SECOND});",
    "a parameter for a parameter": f"app.get('/:kind/:id', {_FIRST}); app.get('/doctors/:name', {_SECOND});",
    "a router": f"""
        const router = express.Router();
        router.get('/:id', {_FIRST}); router.get('/search', {_SECOND});
        app.use('/doctors', router);""",
    "two routers": f"""
        const one = express.Router(), other = express.Router();
        one.get('/:id', {_FIRST}); other.get('/search', {_SECOND});
        app.use('/doctors', one); app.use('/doctors', other);""",
    "a middleware that passes on": f"""
        app.get('/doctors/:id', (req, res, next) => {{ req.seen = true; next(); }}, {_FIRST});
        app.get('/doctors/search', {_SECOND});""",
    "an error that is passed on": f"""
        app.get('/doctors/:id', (req, res, next) => {{
            if (req.params.id.length > 99) return next(new Error('long'));
            res.send('first');
        }});
        app.get('/doctors/search', {_SECOND});""",
    "route()": f"app.route('/doctors/:id').get({_FIRST}); app.route('/doctors/search').get({_SECOND});",
}
"""The first answers."""

SERVED = {
    "it comes first": f"app.get('/doctors/search', {_SECOND}); app.get('/doctors/:id', {_FIRST});",
    "another method": f"app.post('/doctors/:id', {_FIRST}); app.get('/doctors/search', {_SECOND});",
    "a longer path": f"app.get('/doctors/:id/visits', {_FIRST}); app.get('/doctors/search', {_SECOND});",
    "another word": f"app.get('/patients/:id', {_FIRST}); app.get('/doctors/search', {_SECOND});",
    "it passes on": f"""
        app.get('/doctors/:id', (req, res, next) => {{
            if (req.params.id === 'search') return next();
            res.send('first');
        }});
        app.get('/doctors/search', {_SECOND});""",
    "it passes on later": f"""
        app.get('/doctors/:id', (req, res, next) => {{
            Promise.resolve(req.params.id).then((id) => (id === 'search' ? next() : res.send('first')));
        }});
        app.get('/doctors/search', {_SECOND});""",
    "a route that is left": f"""
        const isNumber = (req, res, next) => next(/^[0-9]+$/.test(req.params.id) ? undefined : 'route');
        app.get('/doctors/:id', isNumber, {_FIRST}); app.get('/doctors/search', {_SECOND});""",
    "a route that is left in a branch": f"""
        const isNumber = (req, res, next) => {{ if (isNaN(req.params.id)) return next('route'); next(); }};
        app.get('/doctors/:id', isNumber, {_FIRST}); app.get('/doctors/search', {_SECOND});""",
    "a handler that may pass on": f"""
        app.get('/doctors/:id', (req, res, next) => next(req.params.id === 'search' ? undefined : new Error('no')));
        app.get('/doctors/search', {_SECOND});""",
    "a router that is left": f"""
        const one = express.Router(), other = express.Router();
        one.use((req, res, next) => {{ if (req.query.old === undefined) return next('router'); next(); }});
        one.get('/:id', {_FIRST}); other.get('/search', {_SECOND});
        app.use('/doctors', one); app.use('/doctors', other);""",
    "a function of the parameter": f"""
        app.param('id', (req, res, next, id) => next(id === 'search' ? 'route' : undefined));
        app.get('/doctors/:id', {_FIRST}); app.get('/doctors/search', {_SECOND});""",
    "a condition": f"""
        if (process.env.OLD) app.get('/doctors/:id', {_FIRST});
        app.get('/doctors/search', {_SECOND});""",
}
"""The second answers."""

SERVED_BY_4 = {
    "a pattern": f"app.get('/doctors/:id([0-9]+)', {_FIRST}); app.get('/doctors/search', {_SECOND});",
    "a regular expression": f"app.get(/^.doctors.[0-9]+$/, {_FIRST}); app.get('/doctors/search', {_SECOND});",
}
"""The same, in words that Express 5 does not take for all."""

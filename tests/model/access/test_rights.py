"""Who of the known callers is let in: roles, permissions, and whose the thing is that is asked for."""

import pytest

from model.access.callers import behind, callers, handled, rights

AUTH = """
const auth = (req, res, next) => {
  try { req.user = jwt.verify(req.headers.authorization, SECRET); next(); } catch (e) { res.sendStatus(401); }
};
const rightsOf = { admin: ['read', 'write'], doctor: ['read'] };
const permissions = new Map(Object.entries(rightsOf));
"""


@pytest.mark.parametrize(
    ("guard", "expected"),
    [
        ("(req, res, next) => (req.user.role === 'admin' ? next() : res.sendStatus(403))", "yes role admin"),
        (
            "(req, res, next) => { if (req.user?.role !== 'admin') return res.sendStatus(403); next(); }",
            "yes role admin",
        ),
        ("(req, res, next) => { if (!req.user.isAdmin) return res.sendStatus(403); next(); }", "yes role isAdmin"),
        (
            (
                "((...roles) => (req, res, next) => (roles.includes(req.user.role) ? next() : res.sendStatus(403)))"
                "('admin', 'doctor')"
            ),
            "yes role admin doctor",
        ),
        (
            (
                "((roles) => (req, res, next) =>"
                " (req.user.roles.some((r) => roles.includes(r)) ? next() : res.sendStatus(403)))"
                "(['admin'])"
            ),
            "yes role admin",
        ),
        ("(req, res, next) => (req.user.scopes.includes('write') ? next() : res.sendStatus(403))", "yes role write"),
        (
            "(req, res, next) => (rightsOf[req.user.role].includes('write') ? next() : next(new Error()))",
            "yes role write",
        ),
        (
            "(req, res, next) => (permissions.get(req.user.role).includes('write') ? next() : next(new Error()))",
            "yes role write",
        ),
        ("(req, res, next) => (req.user.id === req.params.id ? next() : res.sendStatus(403))", "yes ownership"),
        (
            (
                "(req, res, next) => {"
                " if (req.user.role !== 'admin' && req.user.id !== req.params.id) return res.sendStatus(403); next(); }"
            ),
            "yes ownership role admin",
        ),
        ("(req, res, next) => { if (req.user.role !== 'admin') console.log('no'); next(); }", "no"),
        ("(req, res, next) => { if (req.user.status !== 'active') return res.sendStatus(403); next(); }", "unknown"),
        ("(req, res, next) => { if (req.body.role !== 'admin') return res.sendStatus(403); next(); }", "no"),
        ("(req, res, next) => { if (!req.user.role) return res.sendStatus(403); next(); }", "no"),
        ("async (req, res, next) => { req.user = await User.findById(req.user.id); next(); }", "no"),
    ],
)
def test_a_guard_authorizes_by_what_it_asks_of_a_caller_who_is_known(guard: str, expected: str) -> None:
    """A role that is missing or what the client says of itself is none; of another property it isn't known."""
    assert rights(behind("auth", guard, before=AUTH, method="post")) == expected


def test_a_role_that_nobody_has_verified_lets_anybody_in() -> None:
    """It is whatever the caller says."""
    decode = "(req, res, next) => { req.user = jwt.decode(req.headers.authorization); next(); }"
    ask = "(req, res, next) => (req.user.role === 'admin' ? next() : res.sendStatus(403))"
    found = behind(decode, ask)
    assert (callers(found), rights(found)) == ("no", "no")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("await Visit.updateOne({ _id: req.params.id, user: req.user.id }, req.body); res.json(1);", "yes ownership"),
        ("res.json(await Visit.create({ ...req.body, user: req.user.id }));", "yes ownership"),
        ("await User.findByIdAndUpdate(req.user.id, req.body); res.json(1);", "yes ownership"),
        (
            (
                "const visit = await Visit.findById(req.params.id);"
                " if (visit.user !== req.user.id) return res.sendStatus(403); await visit.remove(); res.json(1);"
            ),
            "yes ownership",
        ),
        (
            "if (req.user.role !== 'admin') return res.sendStatus(403); await Visit.deleteMany(); res.json(1);",
            "yes role admin",
        ),
        ("await Visit.updateOne({ _id: req.params.id }, req.body); res.json(1);", "no"),
        ("console.log(req.user.id); await Visit.updateOne({ _id: req.params.id }, req.body); res.json(1);", "no"),
        (
            (
                "const me = await User.findById(req.user.id);"
                " await Visit.deleteOne({ _id: req.params.id }); res.json(me.name);"
            ),
            "unknown",
        ),
        (
            "await Visit.deleteOne({ _id: req.params.id }); res.json(await User.findById(req.user.id));",
            "unknown",
        ),
    ],
)
def test_a_handler_authorizes_by_a_check_or_by_asking_for_what_is_the_callers(body: str, expected: str) -> None:
    """A query that names the caller counts, unless another one doesn't."""
    assert rights(handled(f"async (req, res) => {{ {body} }}", "auth", before=AUTH)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("const user = jwt.verify(req.headers.authorization, SECRET); res.json(user.id);", "yes jwt"),
        ("if (!req.session.userId) return res.sendStatus(401); res.json(1);", "yes session"),
        ("if (!req.session.userId) return res.redirect('/login'); res.render('x');", "yes session"),
        ("if (!req.session.userId) res.sendStatus(401); res.json(1);", "no"),
        ("if (req.session.userId) console.log('hello'); res.json(1);", "no"),
        ("if (req.session.userId) return res.redirect('/'); res.render('login');", "no"),
    ],
)
def test_a_handler_authenticates_when_all_but_refusals_go_to_known_callers(body: str, expected: str) -> None:
    """What it sends to others may only say that they must log in."""
    head = "app.use(session({ secret: SECRET }));"
    assert callers(handled(f"async (req, res) => {{ {body} }}", before=head)) == expected

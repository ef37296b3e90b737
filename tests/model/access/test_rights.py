"""Who of the known callers is let in: roles, permissions, and whose the thing is that is asked for."""

import pytest

from model.access.callers import behind, callers, handled, rights, served

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


ASKING = """
const { findUser } = require('acme-directory');
const allows = (role, wanted) => role === 'admin' || role === wanted;
const isTokenAuthorized = async (token, wanted) => {
  try {
    const { data: id } = await promisify(jwt.verify)(token, SECRET);
    const { role } = await findUser(id);
    return allows(role, wanted);
  } catch (error) { return false; }
};
checked = (req, res, next) => {
  jwt.verify(req.headers.token, SECRET, (err, decoded) => {
    if (err) return res.sendStatus(401);
    req.decoded = decoded;
    next();
  });
};
const only = (wanted) => function (req, res, next) {
  this.checked(req, res, async () => {
    const token = req.headers.token;
    if (await isTokenAuthorized(token, wanted)) { next(); } else { res.status(403).json({ wanted }); }
  });
};
"""


def test_a_function_that_is_asked_whether_the_caller_may_do_something_leaves_it_unknown() -> None:
    """By its name, and by what it is told beside who calls; without a refusal by it, nothing is asked."""
    before = f"const {{ promisify }} = require('util');{ASKING}"
    assert rights(behind("only('admin')", before=before, method="post")) == "unknown"
    passing = before.replace("res.status(403).json({ wanted })", "next()")
    assert rights(behind("only('admin')", before=passing, method="post")) == "no"


MATCHING = (
    AUTH
    + """
const only = (roles) => {
  if (!roles || roles.length < 1) throw Error('no roles');
  return async function checkRoles(req, res, next) {
    try {
      const claims = await jwt.verify(req.cookies.jwt, SECRET);
      const isAllowed = roles.some((role) => {
        const pattern = new RegExp(role);
        return pattern.test(claims.sub);
      });
      if (!isAllowed) throw Error('not allowed');
      if (claims.email) { req.user = claims; return next(); }
    } catch (err) { res.status(401).send(err.message); }
  };
};
"""
)


@pytest.mark.parametrize(
    ("guard", "expected"),
    [
        ("only(['admin'])", "yes role admin"),
        ("only(['security_admin', 'global_admin'])", "yes role global_admin security_admin"),
        ("only(['admin', 'europe'])", "unknown"),
        ("only(['europe'])", "unknown"),
        (
            "(req, res, next) => (/^(admin|doctor)$/.test(req.user.role) ? next() : res.sendStatus(403))",
            "yes role admin doctor",
        ),
        ("(req, res, next) => (req.user.role.match(/^admin$/) ? next() : res.sendStatus(403))", "yes role admin"),
        ("(req, res, next) => (/^[a-z]+$/.test(req.user.role) ? next() : res.sendStatus(403))", "unknown"),
        ("(req, res, next) => (/^[a-f0-9]+$/.test(req.user.id) ? next() : res.sendStatus(401))", "unknown"),
        ("(req, res, next) => { if (/^admin$/.test(req.user.role)) console.log('hello'); next(); }", "no"),
        ("(req, res, next) => (/^admin$/.test(req.body.role) ? next() : res.sendStatus(403))", "unknown"),
        (
            "(req, res, next) => (new RegExp(req.body.role).test(req.user.role) ? next() : res.sendStatus(403))",
            "no",
        ),
    ],
)
def test_a_guard_may_look_for_a_word_in_the_role(guard: str, expected: str) -> None:
    """A word that names a rank says what it is for; of others it isn't known, and what the client sends is no role."""
    assert rights(behind("auth", guard, before=MATCHING, method="post")) == expected


ROLES = """
const FORMER = { md: 'doctor', root: 'admin' };
const known = (r) => {
  if (!r) return r;
  const word = `${r}`.trim();
  if (word === 'nurse') return 'nurse';
  if (word === 'head nurse') return 'headNurse';
  if (word === 'surgeon') return 'surgeon';
  if (word === 'porter') return 'porter';
  if (word === 'pharmacist') return 'pharmacist';
  if (word === 'owner') return 'owner';
  return FORMER[r] || r;
};
const lower = (r) => String(r || '').toLowerCase();
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            (
                "const own = known(req.user?.role); const all = roles.map((r) => known(r));"
                " if (own === 'owner') return next(); if (!all.includes(own)) return res.sendStatus(403); next();"
            ),
            "yes role admin owner",
        ),
        (
            (
                "const own = lower(req.user.role); const all = roles.flat().map(lower).filter(Boolean);"
                " if (own === 'owner' || all.includes(own)) return next(); res.sendStatus(403);"
            ),
            "yes role admin owner",
        ),
        ("if (!roles.some((r) => r === req.user.role)) return res.sendStatus(403); next();", "yes role admin"),
        ("const own = known(req.user.role); if (!roles.some((r) => known(r) === own)) return fail(); next();", "yes"),
        ("if (!roles.some((r) => r === req.body.role)) return res.sendStatus(403); next();", "no"),
        ("if (!roles.some((r) => r === req.user.role || r)) return res.sendStatus(403); next();", "unknown"),
        ("if (!roles.includes(req.user.role || req.body.role)) return res.sendStatus(403); next();", "unknown"),
    ],
)
@pytest.mark.parametrize(
    "user", ["verified", "as(verified)", "{ ...verified }", "{ id: verified.id, role: known(verified.role) }"]
)
def test_roles_may_be_brought_into_one_form_on_both_sides(body: str, expected: str, user: str) -> None:
    """By helpers, with a shortcut for one of them, of a caller that is kept as it was verified or copied."""
    sign = f"const verified = jwt.verify(req.headers.authorization, SECRET); req.user = {user};"
    auth = f"(req, res, next) => {{ try {{ {sign} next(); }} catch (e) {{ res.sendStatus(401); }} }}"
    before = f"{ROLES} const as = (u) => u; const only = (...roles) => (req, res, next) => {{ {body} }};"
    before += "const fail = () => { throw new Error('no'); };"
    assert rights(behind(auth, "only('admin')", before=before)).startswith(expected)


def test_a_role_that_nobody_has_verified_lets_anybody_in() -> None:
    """It is whatever the caller says."""
    decode = "(req, res, next) => { req.user = jwt.decode(req.headers.authorization); next(); }"
    ask = "(req, res, next) => (req.user.role === 'admin' ? next() : res.sendStatus(403))"
    found = behind(decode, ask)
    assert (callers(found), rights(found)) == ("no", "no")


_VISIT = "const visit = await Visit.findById(req.params.id);"
_MINE = "const mine = req.user.id === visit.user;"
_OWN = "const own = req.user.role === 'doctor' && req.user.id === visit.user.id;"
_ADMIN = "const admin = req.user.role === 'admin';"
_DENY = "res.sendStatus(403);"
_SAVE = "await visit.remove(); res.json(1);"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("await Visit.updateOne({ _id: req.params.id, user: req.user.id }, req.body); res.json(1);", "yes ownership"),
        ("res.json(await Visit.create({ ...req.body, user: req.user.id }));", "unknown"),
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
        (f"{_VISIT} {_MINE} {_ADMIN} if (!mine && !admin) return {_DENY} {_SAVE}", "yes ownership role admin"),
        (
            f"{_VISIT} {_MINE} {_ADMIN} const may = mine || admin; if (!may) return {_DENY} {_SAVE}",
            "yes ownership role admin",
        ),
        (f"{_VISIT} {_OWN} {_ADMIN} if (!(own || admin)) return {_DENY} {_SAVE}", "yes role admin doctor"),
        (f"{_VISIT} {_OWN} if (own) {{ {_SAVE} }} else {_DENY}", "yes role doctor"),
        (f"{_VISIT} {_MINE} {_ADMIN} if (!mine && admin) return {_DENY} {_SAVE}", "unknown"),
        (f"{_VISIT} {_MINE} const odd = !mine && req.body.strict === 'yes'; if (odd) return {_DENY} {_SAVE}", "no"),
        (f"{_VISIT} {_MINE} const free = mine || visit.day === req.body.day; if (!free) return {_DENY} {_SAVE}", "no"),
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
    ("condition", "expected"),
    [
        ("{ user: req.user.id }", "yes ownership"),
        ("{ user: { $eq: req.user.id }, day: req.query.day }", "yes ownership"),
        ("{ $and: [{ day: req.query.day }, { user: req.user.id }] }", "yes ownership"),
        ("{ $or: [{ patient: req.user.id }, { doctor: req.user.id }] }", "yes ownership"),
        ("{ $or: [{ isPublic: true }, { user: req.user.id }] }", "unknown"),
        ("{ user: { $ne: req.user.id } }", "no"),
        ("{ user: { $in: [req.user.id] } }", "yes ownership"),
        ("{ user: { $in: [req.user.id, req.query.other] } }", "unknown"),
        ("req.query.mine ? { user: req.user.id } : {}", "unknown"),
        ("{ day: req.query.day }, { seenBy: { $elemMatch: { user: req.user.id } } }", "yes ownership"),
    ],
)
def test_a_query_is_limited_to_the_caller_by_what_holds_of_all_that_it_finds(condition: str, expected: str) -> None:
    """An alternative to the caller's own, or an exclusion, finds what is somebody else's."""
    found = handled(f"async (req, res) => {{ res.json(await Visit.find({condition})); }}", "auth", before=AUTH)
    assert rights(found) == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("query('SELECT * FROM visits WHERE day = $1 AND doctor = $2', [req.query.day, req.user.id])", "yes ownership"),
        ("query('SELECT * FROM visits WHERE day = ? AND doctor = ?', [req.query.day, req.user.id])", "yes ownership"),
        ("query({ text: 'DELETE FROM visits WHERE doctor = $1', values: [req.user.id] })", "yes ownership"),
        ("query(`SELECT * FROM visits WHERE doctor = ${req.user.id}`)", "yes ownership"),
        ("query('SELECT * FROM visits WHERE day = $1 OR doctor = $2', [req.query.day, req.user.id])", "unknown"),
        ("query('SELECT * FROM visits WHERE doctor <> $1', [req.user.id])", "no"),
        ("query('INSERT INTO visits (doctor) VALUES ($1)', [req.user.id])", "unknown"),
        ("query('UPDATE visits SET doctor = $1 WHERE id = $2', [req.user.id, req.params.id])", "unknown"),
        ("query('UPDATE visits SET day = $1 WHERE doctor = $2', [req.body.day, req.user.id])", "yes ownership"),
        ("query(statements.visits, [req.user.id])", "unknown"),
    ],
)
def test_a_statement_is_limited_to_the_caller_by_its_conditions(call: str, expected: str) -> None:
    """Not by what it writes; of one that can't be seen it isn't known."""
    before = f"{AUTH}const pool = new (require('pg').Pool)();"
    assert rights(handled(f"async (req, res) => {{ res.json(await pool.{call}); }}", "auth", before=before)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("knex('visits').where({ day: req.query.day }).where('doctor', req.user.id)", "yes ownership"),
        ("knex('visits').where('doctor', req.user.id).update({ day: req.body.day })", "yes ownership"),
        ("knex('visits').where('isPublic', true).orWhere('doctor', req.user.id)", "unknown"),
        ("knex('visits').where('doctor', req.user.id).orWhere('isPublic', true)", "unknown"),
        ("knex('visits').whereNot('doctor', req.user.id)", "no"),
        ("knex('visits').where('id', req.params.id).update({ editor: req.user.id })", "unknown"),
        ("knex('visits').insert({ doctor: req.user.id })", "unknown"),
    ],
)
def test_a_query_that_is_put_together_is_limited_by_one_of_its_conditions(query: str, expected: str) -> None:
    """The whole chain of calls is one query."""
    before = f"{AUTH}const knex = require('knex')({{ client: 'pg' }});"
    assert rights(handled(f"async (req, res) => {{ res.json(await {query}); }}", "auth", before=before)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("const me = await User.findById(req.user.id); res.json([me.name, await Visit.find()]);", "unknown"),
        ("const me = await User.findById(req.user.id); await Visit.create(req.body); res.json(me.name);", "unknown"),
        ("const me = await User.findById(req.user.id); res.json(await Visit.find({ clinic: me.clinic }));", "yes"),
        ("const me = await User.findById(req.user.id); me.name = req.body.name; await me.save(); res.json(1);", "yes"),
        (
            (
                "if (!req.query.day) return res.json([]); let found; const day = req.query.day;"
                " if (req.user.role === 'admin') found = await Visit.find({ day });"
                " else found = await Visit.find({ day, user: req.user.id });"
                " res.json(found.filter((one) => one.room).map((one) => one.id));"
            ),
            "yes",
        ),
        (
            (
                "const may = async (visit) => { const { role, id } = req.user; if (role === 'admin') return true;"
                " if (role === 'patient') { const me = await User.findOne({ account: id });"
                " return visit.patient === me.id; }"
                " return false; };"
                " const visit = await Visit.findById(req.params.id); const allowed = await may(visit);"
                " if (!allowed) return res.sendStatus(403); res.json(visit);"
            ),
            "unknown",
        ),
        ("await Visit.findByIdAndUpdate(req.params.id, { updatedBy: req.user.id }); res.json(1);", "unknown"),
        ("await Visit.findByIdAndUpdate(req.params.id, { $set: { by: req.user.id } }); res.json(1);", "unknown"),
        ("const v = new Visit({ ...req.body, createdBy: req.user.id }); await v.save(); res.json(v);", "unknown"),
        (
            (
                "const v = await Visit.findOne({ _id: req.params.id, user: req.user.id });"
                " if (!v) return res.sendStatus(404); await Visit.deleteOne({ _id: req.params.id }); res.json(1);"
            ),
            "yes",
        ),
    ],
)
def test_what_an_endpoint_is_about_must_be_the_callers(body: str, expected: str) -> None:
    """The caller's own record beside everybody's, or its name on what is written, limits nothing."""
    assert rights(handled(f"async (req, res) => {{ {body} }}", "auth", before=AUTH)).split()[0] == expected


def test_another_server_that_is_asked_with_the_callers_token_is_no_query() -> None:
    """What it allows is its own affair."""
    before = f"{AUTH}const {{ Client }} = require('acme-api');"
    body = (
        "const c = new Client({ token: req.user.token }); await c.files.create({ name: req.body.name }); res.json(1);"
    )
    assert rights(handled(f"async (req, res) => {{ {body} }}", "auth", before=before)) == "no"


def test_a_middleware_that_notes_who_has_called_lets_everybody_in() -> None:
    """It writes the caller down and asks nothing."""
    note = "async (req, res, next) => { await Visit.create({ user: req.user.id, path: req.params.id }); next(); }"
    assert rights(behind("auth", note, before=AUTH, method="post")) == "no"


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


def test_rights_of_callers_that_are_not_known() -> None:
    """Where it can't be told who calls, nobody says that callers are not held to their rights."""
    who = "(req, res, next) => { try { req.who = jwt.verify(req.headers.token, SECRET); } catch (e) {} next(); }"
    handler = "async (req, res) => { if (req.who) await Visit.deleteOne({ _id: req.params.id }); res.json({}); }"
    access = handled(handler, who, method="delete").access
    assert (access.authentication, access.authorization) == ("unknown", "unknown")
    assert access.authorization_reason == "who calls could not be told"
    assert rights(handled(handler.replace("if (req.who) ", ""), who, method="delete")) == "no"


_MEMBER = "const member = await Member.findOne({ team: req.params.team, user: req.user.id });"
_DENIED = "return res.sendStatus(403);"
_REPORT = "const report = await Visit.findById(req.params.id);"
_TIED = f"if (report.team !== req.params.team) {_DENIED}"
_RELATED = f"if (report.set !== req.params.set) {_DENIED}"
_OF_OWNERS = f"if (member.role === 'owner') {{ {_RELATED} return next(); }}"
_BY_ID = "await Visit.findById(req.params.id)"


@pytest.mark.parametrize(
    ("guard", "asked", "expected"),
    [
        (f"{_MEMBER} if (!member) {_DENIED} next();", "await Visit.find({ team: req.params.team })", "yes ownership"),
        (f"{_MEMBER} if (!member) {_DENIED} next();", _BY_ID, "unknown"),
        (f"{_MEMBER} if (!member) {_DENIED} {_REPORT} {_RELATED} next();", _BY_ID, "unknown"),
        (f"{_MEMBER} if (!member) {_DENIED} {_REPORT} {_TIED} next();", _BY_ID, "yes ownership"),
        (
            f"{_MEMBER} if (!member) {_DENIED} {_REPORT} {_OF_OWNERS} {_TIED} next();",
            _BY_ID,
            "unknown",
        ),
        (
            f"{_MEMBER} if (!member) {_DENIED} next();",
            "await Visit.findOne({ _id: req.params.id, team: req.params.team })",
            "yes ownership",
        ),
        (f"if (req.user.team !== req.params.team) {_DENIED} next();", _BY_ID, "unknown"),
        (
            f"if (req.user.team !== req.params.team) {_DENIED} if (req.user.role !== 'admin') {_DENIED} next();",
            _BY_ID,
            "yes ownership",
        ),
        (f"{_REPORT} if (report.team !== req.user.team) {_DENIED} next();", _BY_ID, "yes ownership"),
        (f"{_MEMBER} if (!member) {_DENIED} {_REPORT} {_TIED.replace('return', 'if (0)')} next();", _BY_ID, "unknown"),
    ],
)
def test_what_was_found_to_be_the_callers_must_be_tied_to_what_is_asked_for(
    guard: str, asked: str, expected: str
) -> None:
    """A guard that knows whose team it is says nothing of a report that is only held against the request."""
    source = f"""
{AUTH}
const Member = mongoose.model('Member', new mongoose.Schema({{}}));
const allowed = async (req, res, next) => {{ {guard} }};
app.get('/teams/:team/sets/:set/reports/:id', auth, allowed, async (req, res) => res.json({asked}));
"""
    assert rights(served(source)) == expected


def test_one_guard_knows_whose_team_it_is_and_another_that_the_report_is_of_it() -> None:
    """What the second has found belongs to what the first has found to be the caller's."""
    source = f"""
{AUTH}
const Member = mongoose.model('Member', new mongoose.Schema({{}}));
const member = async (req, res, next) => {{ {_MEMBER} if (!member) {_DENIED} next(); }};
const ofTeam = async (req, res, next) => {{ {_REPORT} {_TIED} next(); }};
app.get('/teams/:team/reports/:id', auth, member, ofTeam, async (req, res) => res.json({_BY_ID}));
"""
    assert rights(served(source)) == "yes ownership"


@pytest.mark.parametrize(
    ("guard", "expected"),
    [
        ("if (req.user && (req.user.isSeller || req.user.isAdmin)) next(); else res.sendStatus(401);", "unknown"),
        ("if (!req.user.canWrite) return res.sendStatus(403); next();", "unknown"),
        (
            (
                "const role = roles.find((one) => one.id === req.user.role);"
                " if (!role.isAgent) return res.status(401).end(); next();"
            ),
            "unknown",
        ),
        ("if (!req.user.isActive) return res.sendStatus(403); next();", "no"),
        ("if (!req.user.role) return res.sendStatus(403); next();", "no"),
        ("if (req.user.isSeller) console.log('a seller'); next();", "no"),
        ("if (req.body.role !== 'admin') return res.sendStatus(400); next();", "no"),
    ],
)
def test_a_right_that_can_not_be_followed_is_no_missing_right(guard: str, expected: str) -> None:
    """Somebody is refused by a property of the caller that says what it may do, unless it is asked of everybody."""
    before = f"{AUTH} const {{ roles }} = require('./state');"
    assert (
        rights(handled("(req, res) => res.json(1)", "auth", f"(req, res, next) => {{ {guard} }}", before=before))
        == expected
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if (await rightOf(req.user.id) !== 'ADMIN') return res.sendStatus(400); CHANGE", "unknown"),
        (
            (
                "const { role } = await Elsewhere.of(req.user.id);"
                " if (role !== 'ADMIN') return res.sendStatus(403); CHANGE"
            ),
            "unknown",
        ),
        ("if (req.user.role === 'admin') console.log('admin'); CHANGE", "no"),
        (
            "if (!req.body.x) return res.sendStatus(400); CHANGE log(req.user.role === 'admin' ? 'Order' : 'Mine');",
            "no",
        ),
    ],
)
def test_a_handler_may_ask_for_a_right_that_is_kept_elsewhere(body: str, expected: str) -> None:
    """What it changes then is not known to be open to everybody."""
    change = "await Visit.updateOne({ _id: req.params.id }, req.body); res.json(1);"
    before = (
        f"{AUTH} const Elsewhere = require('./elsewhere'); const rightOf = async (id) => (await Elsewhere.of(id)).role;"
    )
    handler = f"async (req, res) => {{ {body.replace('CHANGE', change)} }}"
    assert rights(handled(handler, "auth", before=before)) == expected


def test_a_role_is_read_by_an_id_that_was_signed() -> None:
    """A cookie that the server has signed names whom it was given to."""
    guard = (
        "async (req, res, next) => { const who = await User.findById(req.signedCookies.userId);"
        " if (!who || who.role !== 'admin') return res.sendStatus(403); next(); }"
    )
    assert rights(behind(guard)) != "no"
    assert rights(behind(guard.replace("signedCookies.userId", "query.userId"))) == "no"


@pytest.mark.parametrize("error", ["HTTP403", "Http403Error"])
def test_a_status_in_the_name_of_an_error_is_what_callers_are_refused_with(error: str) -> None:
    """Who is told 403 by something that can't be followed may well lack a right."""
    before = f"{AUTH}\nclass {error} extends Error {{}}\nconst rights = load();"
    asks = f"async (req, res, next) => {{ if (!(await rights.may(req))) throw new {error}('no'); next(); }}"
    assert rights(behind("auth", asks, before=before)) == "unknown"


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ("{ id: 7, role: 'x' }", "yes ownership"),
        ("{ userId: 7, role: 'x' }", "unknown"),
        ("{ ...known, userId: 7 }", "yes ownership"),
        ("known", "yes ownership"),
    ],
)
def test_what_no_token_holds_limits_nothing_to_the_caller(payload: str, expected: str) -> None:
    """Where all claims are known that the program signs, and the one that is asked for is not among them."""
    login = f"app.post('/login', (req, res) => res.json(jwt.sign({payload}, SECRET)));"
    handler = "async (req, res) => res.json(await Visit.find({ owner: req.user.id }))"
    assert rights(served(f"{AUTH} const known = req();\n{login}\napp.get('/visits', auth, {handler});")) == expected
    local = f"app.post('/login', (req, res) => {{ const claims = {payload}; res.json(jwt.sign(claims, SECRET)); }});"
    assert rights(served(f"{AUTH} const known = req();\n{local}\napp.get('/visits', auth, {handler});")) == expected
    found = "async (req, res, next) => { req.user = await User.findById(req.user.userId); next(); }"
    chain = f"app.get('/visits', auth, {found}, {handler});"
    assert rights(served(f"{AUTH} const known = req();\n{login}\n{chain}")) == "yes ownership"
    named = AUTH.replace("next();", "req.user.id = req.user.userId; next();")
    assert (
        rights(served(f"{named} const known = req();\n{login}\napp.get('/visits', auth, {handler});"))
        == "yes ownership"
    )


def test_an_application_tells_callers_apart_where_one_of_its_endpoints_asks_for_more() -> None:
    """What every known caller may is suspicious only beside endpoints that ask for a role."""
    role = "(req, res, next) => (req.user.role === 'admin' ? next() : res.sendStatus(403))"
    change = "app.post('/visits', auth, (req, res) => Visit.create(req.body));"
    alone = served(f"{AUTH}\n{change}")
    beside = served(f"{AUTH}\napp.delete('/visits', auth, {role}, (req, res) => Visit.deleteMany());\n{change}")
    assert (alone.access.authorization, alone.access.callers_differ) == ("no", False)
    assert (beside.access.authorization, beside.access.callers_differ) == ("no", True)

// What looks like a guard and lets anybody through (/open/…), and what is one (/guarded/…): the path says which.
const express = require("express");
const jwt = require("jsonwebtoken");
const passport = require("passport");
const bcrypt = require("bcrypt");
const crypto = require("crypto");
const mysql = require("mysql2/promise");

const app = express();
app.use(express.json());
const pool = mysql.createPool({ host: process.env.DB_HOST });
const SECRET = process.env.JWT_SECRET;

const tok = (req) => (req.headers.authorization || "").split(" ")[1];
const work = async (req, res) => {
  await pool.query("DELETE FROM patients WHERE id = ?", [req.params.id]);
  res.end();
};
async function verifyAsync(t) {
  return jwt.verify(t, SECRET);
}
async function isAuth(req) {
  try {
    jwt.verify(tok(req), SECRET);
    return true;
  } catch (e) {
    return false;
  }
}
async function guardAsync(req, res) {
  try {
    jwt.verify(tok(req), SECRET);
  } catch (e) {
    res.sendStatus(401);
  }
}
function userOf(req) {
  try {
    return jwt.verify(tok(req), SECRET);
  } catch (e) {
    return null;
  }
}
function resultOf(req) {
  try {
    return { ok: true, user: jwt.verify(tok(req), SECRET) };
  } catch (e) {
    return { ok: false };
  }
}
function must(req) {
  req.user = jwt.verify(tok(req), SECRET);
}

app.post(
  "/open/decode/:id",
  (req, res, next) => {
    const u = jwt.decode(tok(req));
    if (!u) return res.sendStatus(401);
    req.user = u;
    next();
  },
  work,
);
app.post(
  "/open/caught/:id",
  (req, res, next) => {
    try {
      req.user = jwt.verify(tok(req), SECRET);
    } catch (e) {
      console.error(e);
    }
    next();
  },
  work,
);
app.post(
  "/open/cb-ignore/:id",
  (req, res, next) => {
    jwt.verify(tok(req), SECRET, (err, u) => {
      req.user = u;
      next();
    });
  },
  work,
);
app.post(
  "/open/noreturn/:id",
  (req, res, next) => {
    let u = null;
    try {
      u = jwt.verify(tok(req), SECRET);
    } catch (e) {}
    if (!u) res.status(401).end();
    next();
  },
  work,
);
app.post(
  "/open/noreturn2/:id",
  (req, res, next) => {
    jwt.verify(tok(req), SECRET, (err, u) => {
      if (err) res.status(401).end();
      req.user = u;
      next();
    });
  },
  work,
);
app.post(
  "/open/presence/:id",
  (req, res, next) => {
    if (!req.headers.authorization) return res.sendStatus(401);
    next();
  },
  work,
);
app.post(
  "/open/presence2/:id",
  (req, res, next) => {
    const t = tok(req);
    if (t && t.length > 10) return next();
    res.sendStatus(401);
  },
  work,
);
app.post(
  "/open/finally/:id",
  (req, res, next) => {
    verifyAsync(tok(req))
      .then((u) => {
        req.user = u;
      })
      .finally(() => next());
  },
  work,
);
app.post(
  "/open/optional/:id",
  (req, res, next) => {
    if (tok(req)) {
      req.user = jwt.verify(tok(req), SECRET);
    }
    next();
  },
  work,
);
app.post(
  "/open/fallback/:id",
  (req, res, next) => {
    try {
      req.user = jwt.verify(tok(req), SECRET);
    } catch (e) {
      req.user = { id: 0, role: "guest" };
    }
    next();
  },
  work,
);
app.post(
  "/open/none/:id",
  (req, res, next) => {
    try {
      req.user = jwt.verify(tok(req), "", { algorithms: ["none"] });
      next();
    } catch (e) {
      res.sendStatus(401);
    }
  },
  work,
);
app.post(
  "/open/promise-truthy/:id",
  (req, res, next) => {
    if (isAuth(req)) return next();
    res.sendStatus(401);
  },
  work,
);
app.post(
  "/open/kept-promise/:id",
  (req, res, next) => {
    const known = isAuth(req);
    if (known) return next();
    res.sendStatus(401);
  },
  work,
);
app.post(
  "/open/bcrypt-truthy/:id",
  async (req, res, next) => {
    const [r] = await pool.query("SELECT * FROM users WHERE name = ?", [req.body.name]);
    if (!bcrypt.compare(req.body.password, r[0].hash)) return res.sendStatus(401);
    next();
  },
  work,
);
app.post(
  "/open/passport-cb/:id",
  (req, res, next) => {
    passport.authenticate("jwt", (err, user) => {
      req.user = user;
      next();
    })(req, res, next);
  },
  work,
);
app.post(
  "/open/header-skip/:id",
  (req, res, next) => {
    if (req.headers["x-internal"]) return next();
    try {
      req.user = jwt.verify(tok(req), SECRET);
      next();
    } catch (e) {
      res.sendStatus(401);
    }
  },
  work,
);
app.post(
  "/open/query-skip/:id",
  (req, res, next) => {
    if (req.query.debug === "1") return next();
    try {
      req.user = jwt.verify(tok(req), SECRET);
      next();
    } catch (e) {
      res.sendStatus(401);
    }
  },
  work,
);
app.post("/open/after/:id", work, (req, res, next) => {
  try {
    req.user = jwt.verify(tok(req), SECRET);
    next();
  } catch (e) {
    res.sendStatus(401);
  }
});
app.post(
  "/open/unawaited/:id",
  (req, res, next) => {
    guardAsync(req, res);
    next();
  },
  work,
);
app.post(
  "/open/inverted/:id",
  (req, res, next) => {
    try {
      jwt.verify(tok(req), SECRET);
      res.sendStatus(401);
    } catch (e) {
      next();
    }
  },
  work,
);
app.post(
  "/open/user-header/:id",
  async (req, res, next) => {
    const [r] = await pool.query("SELECT * FROM users WHERE id = ?", [req.headers["x-user-id"]]);
    if (!r.length) return res.sendStatus(401);
    req.user = r[0];
    next();
  },
  work,
);
app.post(
  "/open/user-body/:id",
  async (req, res, next) => {
    const [r] = await pool.query("SELECT * FROM users WHERE email = ?", [req.body.email]);
    if (!r.length) return res.sendStatus(401);
    req.user = r[0];
    next();
  },
  work,
);
app.post(
  "/open/const-key/:id",
  (req, res, next) => {
    if (req.headers["x-role"] !== "admin") return res.sendStatus(403);
    next();
  },
  work,
);
app.post(
  "/open/or-true/:id",
  (req, res, next) => {
    let ok = true;
    try {
      jwt.verify(tok(req), SECRET);
    } catch (e) {
      ok = true;
    }
    if (!ok) return res.sendStatus(401);
    next();
  },
  work,
);
app.post(
  "/open/catch-next/:id",
  (req, res, next) => {
    verifyAsync(tok(req))
      .then((u) => {
        req.user = u;
        next();
      })
      .catch(() => next());
  },
  work,
);
app.post(
  "/open/then-next-next/:id",
  (req, res, next) => {
    verifyAsync(tok(req)).then(
      (u) => {
        req.user = u;
        next();
      },
      () => next(),
    );
  },
  work,
);
app.post(
  "/open/timeout/:id",
  (req, res, next) => {
    setTimeout(() => {
      try {
        jwt.verify(tok(req), SECRET);
      } catch (e) {
        res.sendStatus(401);
      }
    }, 0);
    next();
  },
  work,
);
app.post(
  "/open/hash-compare/:id",
  (req, res, next) => {
    const h = crypto.createHash("sha256").update(req.body.a).digest("hex");
    if (h !== req.headers["x-hash"]) return res.sendStatus(401);
    next();
  },
  work,
);
app.post(
  "/open/hmac-optional/:id",
  (req, res, next) => {
    const s = req.headers["x-sig"];
    const h = crypto.createHmac("sha256", SECRETECRET).update(req.body.a).digest("hex");
    if (s && s !== h) return res.sendStatus(401);
    next();
  },
  work,
);
app.post(
  "/open/session-set/:id",
  (req, res, next) => {
    req.session = { user: req.body.user };
    if (!req.session.user) return res.sendStatus(401);
    next();
  },
  work,
);
app.post(
  "/open/catchnull/:id",
  async (req, res, next) => {
    const u = await verifyAsync(tok(req)).catch(() => null);
    req.user = u;
    next();
  },
  work,
);
app.post(
  "/guarded/verify/:id",
  (req, res, next) => {
    try {
      req.user = jwt.verify(tok(req), SECRET);
      next();
    } catch (e) {
      res.sendStatus(401);
    }
  },
  work,
);
app.post(
  "/guarded/cb/:id",
  (req, res, next) => {
    jwt.verify(tok(req), SECRET, (err, u) => {
      if (err) return res.sendStatus(401);
      req.user = u;
      next();
    });
  },
  work,
);
app.post(
  "/guarded/async/:id",
  async (req, res, next) => {
    const u = await verifyAsync(tok(req)).catch(() => null);
    if (!u) return res.sendStatus(401);
    req.user = u;
    next();
  },
  work,
);
app.post(
  "/guarded/flag/:id",
  (req, res, next) => {
    let u = null;
    try {
      u = jwt.verify(tok(req), SECRET);
    } catch (e) {}
    if (!u) return res.status(401).end();
    next();
  },
  work,
);
app.post(
  "/guarded/helper/:id",
  (req, res, next) => {
    const u = userOf(req);
    if (!u) return res.status(401).end();
    next();
  },
  work,
);
app.post(
  "/guarded/helper2/:id",
  (req, res, next) => {
    const r = resultOf(req);
    if (!r.ok) return res.status(401).end();
    next();
  },
  work,
);
app.post(
  "/guarded/throwing/:id",
  (req, res, next) => {
    must(req);
    next();
  },
  work,
);
app.post(
  "/guarded/boolasync/:id",
  async (req, res, next) => {
    if (!(await isAuth(req))) return res.sendStatus(401);
    next();
  },
  work,
);
app.post(
  "/guarded/kept-promise/:id",
  async (req, res, next) => {
    const asked = isAuth(req);
    const known = await asked;
    if (!known) return res.sendStatus(401);
    next();
  },
  work,
);
app.post("/guarded/passport/:id", passport.authenticate("jwt", { session: false }), work);
app.post(
  "/guarded/passportcb/:id",
  (req, res, next) => {
    passport.authenticate("jwt", (err, user) => {
      if (err || !user) return res.sendStatus(401);
      req.user = user;
      next();
    })(req, res, next);
  },
  work,
);
app.post(
  "/guarded/table/:id",
  async (req, res, next) => {
    const [r] = await pool.query("SELECT * FROM sessions WHERE token = ?", [tok(req)]);
    if (!r.length) return res.sendStatus(401);
    req.user = r[0];
    next();
  },
  work,
);
app.post("/guarded/inhandler/:id", async (req, res) => {
  let u;
  try {
    u = jwt.verify(tok(req), SECRET);
  } catch (e) {
    return res.sendStatus(401);
  }
  await pool.query("DELETE FROM p WHERE id = ?", [u.id]);
  res.end();
});

app.post(
  "/open/catchguest/:id",
  async (req, res, next) => {
    const u = await verifyAsync(tok(req)).catch(() => ({ id: 0 }));
    if (!u) return res.sendStatus(401);
    next();
  },
  work,
);

app.listen(3000);

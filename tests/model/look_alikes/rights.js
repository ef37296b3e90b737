// What looks like a check of rights and lets every caller through (/open/…), and what is one (/checked/…).
const express = require("express");
const jwt = require("jsonwebtoken");
const mysql = require("mysql2/promise");

const app = express();
app.use(express.json());
const pool = mysql.createPool({ host: process.env.DB_HOST });

app.use((req, res, next) => {
  try {
    req.user = jwt.verify((req.headers.authorization || "").split(" ")[1], process.env.JWT_SECRET);
    next();
  } catch (e) {
    res.sendStatus(401);
  }
});
const work = async (req, res) => {
  await pool.query("DELETE FROM patients WHERE id = ?", [req.params.id]);
  res.end();
};
async function isAdmin(u) {
  return u.role === "admin";
}
async function must(u) {
  if (u.role !== "admin") throw new Error("403");
}

app.post(
  "/open/neg/:id",
  (req, res, next) => {
    if (!req.user.role === "admin") return res.sendStatus(403);
    next();
  },
  work,
);
app.post(
  "/open/assign/:id",
  (req, res, next) => {
    if ((req.user.role = "admin")) return next();
    res.sendStatus(403);
  },
  work,
);
app.post(
  "/open/const/:id",
  (req, res, next) => {
    if (["admin"].includes("admin")) return next();
    res.sendStatus(403);
  },
  work,
);
app.post(
  "/open/body/:id",
  (req, res, next) => {
    if (req.body.role !== "admin") return res.sendStatus(403);
    next();
  },
  work,
);
app.post(
  "/open/header/:id",
  (req, res, next) => {
    if (req.headers["x-role"] !== "admin") return res.sendStatus(403);
    next();
  },
  work,
);
app.post(
  "/open/noreturn/:id",
  (req, res, next) => {
    if (req.user.role !== "admin") res.status(403).end();
    next();
  },
  work,
);
app.post(
  "/open/indexof/:id",
  (req, res, next) => {
    if (["admin"].indexOf(req.user.role)) return next();
    res.sendStatus(403);
  },
  work,
);
app.post(
  "/open/log/:id",
  (req, res, next) => {
    if (req.user.role !== "admin") console.log("no admin");
    next();
  },
  work,
);
app.post(
  "/open/some/:id",
  (req, res, next) => {
    if (["admin", "doc"].some((r) => r)) return next();
    res.sendStatus(403);
  },
  work,
);
app.post(
  "/open/unawaited/:id",
  (req, res, next) => {
    if (isAdmin(req.user)) return next();
    res.sendStatus(403);
  },
  work,
);
app.post(
  "/open/self/:id",
  (req, res, next) => {
    if (req.params.id !== req.params.id) return res.sendStatus(403);
    next();
  },
  work,
);
app.post(
  "/open/sent/:id",
  (req, res, next) => {
    if (req.params.id !== req.body.id) return res.sendStatus(403);
    next();
  },
  work,
);
app.post(
  "/open/query/:id",
  (req, res, next) => {
    if (req.query.admin || req.user.role === "admin") return next();
    res.sendStatus(403);
  },
  work,
);
app.post(
  "/open/empty/:id",
  (req, res, next) => {
    const need = [];
    if (need.every((p) => req.user.permissions.includes(p))) return next();
    res.sendStatus(403);
  },
  work,
);
app.post(
  "/open/orlogged/:id",
  (req, res, next) => {
    if (req.user || req.user.role === "admin") return next();
    res.sendStatus(403);
  },
  work,
);
app.post(
  "/open/catch/:id",
  async (req, res, next) => {
    try {
      await must(req.user);
    } catch (e) {
      console.error(e);
    }
    next();
  },
  work,
);
app.post("/open/ownerlog/:id", async (req, res) => {
  const [[doc]] = await pool.query("SELECT * FROM d WHERE id = ?", [req.params.id]);
  if (doc.owner !== req.user.id) console.warn("not yours");
  await pool.query("DELETE FROM d WHERE id = ?", [req.params.id]);
  res.end();
});
app.post("/open/ownerother/:id", async (req, res) => {
  const [[doc]] = await pool.query("SELECT * FROM d WHERE id = ?", [req.body.id]);
  if (doc.owner !== req.user.id) return res.sendStatus(403);
  await pool.query("DELETE FROM d WHERE id = ?", [req.params.id]);
  res.end();
});
app.post(
  "/open/foreach/:id",
  (req, res, next) => {
    ["admin"].forEach((r) => {
      if (r !== req.user.role) return res.sendStatus(403);
    });
    next();
  },
  work,
);
app.post(
  "/checked/role/:id",
  (req, res, next) => {
    if (req.user.role !== "admin") return res.sendStatus(403);
    next();
  },
  work,
);
app.post(
  "/checked/list/:id",
  (req, res, next) => {
    if (!["admin", "doc"].includes(req.user.role)) return res.sendStatus(403);
    next();
  },
  work,
);
app.post(
  "/checked/async/:id",
  async (req, res, next) => {
    if (!(await isAdmin(req.user))) return res.sendStatus(403);
    next();
  },
  work,
);
app.post(
  "/checked/throw/:id",
  async (req, res, next) => {
    await must(req.user);
    next();
  },
  work,
);
app.post("/checked/owner/:id", async (req, res) => {
  const [[doc]] = await pool.query("SELECT * FROM d WHERE id = ?", [req.params.id]);
  if (doc.owner !== req.user.id) return res.sendStatus(403);
  await pool.query("DELETE FROM d WHERE id = ?", [req.params.id]);
  res.end();
});
app.post(
  "/checked/indexof/:id",
  (req, res, next) => {
    if (["admin"].indexOf(req.user.role) === -1) return res.sendStatus(403);
    next();
  },
  work,
);
app.post(
  "/checked/nexterr/:id",
  (req, res, next) => {
    if (req.user.role !== "admin") next(new Error("403"));
    next();
  },
  work,
);

app.listen(3000);

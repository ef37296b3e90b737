// What looks like a validation and lets anything through (/open/…), and what is one (/validated/…): the path says which.
const express = require("express");
const { z } = require("zod");
const Joi = require("joi");
const Ajv = require("ajv");
const { body, validationResult } = require("express-validator");
const mysql = require("mysql2/promise");

const app = express();
app.use(express.json());
const pool = mysql.createPool({ host: process.env.DB_HOST });

const schema = z.object({ name: z.string().min(1), age: z.number() });
const joi = Joi.object({ name: Joi.string().required() });
const ajv = new Ajv();
const check = ajv.compile({
  type: "object",
  properties: { name: { type: "string" } },
  required: ["name"],
  additionalProperties: false,
});
const save = (b) => pool.query("INSERT INTO t (name) VALUES (?)", [b.name]);
const raw = async (req, res) => {
  await save(req.body);
  res.json({ ok: true });
};
const must = (s) => async (req, res, next) => {
  try {
    req.body = await s.parseAsync(req.body);
    next();
  } catch (e) {
    res.status(400).json(e);
  }
};
const wrap = (f) => (req, res, next) => Promise.resolve(f(req, res, next)).catch(next);
const joiOf = (s) => (req, res, next) => {
  const { value, error } = s.validate(req.body);
  if (error) {
    next(error);
  } else {
    req.validated = value;
    next();
  }
};
const parseOr = (s, d) => {
  const { value, error } = s.validate(d);
  if (error) throw new Error(error.message);
  return value;
};
const later = async (b) => {
  await schema.parseAsync(b);
};
const tryIt = (b) => {
  try {
    return { ok: true, data: schema.parse(b) };
  } catch (e) {
    return { ok: false, e };
  }
};
const tryAsync = async (b) => {
  try {
    await schema.parseAsync(b);
    return true;
  } catch (e) {
    return false;
  }
};
const errs = async (b) => {
  try {
    await schema.parseAsync(b);
    return null;
  } catch (e) {
    return e.issues;
  }
};
const flag = (b) => {
  let ok = false;
  try {
    schema.parse(b);
    ok = true;
  } catch (e) {
    console.log(e);
  }
  return ok;
};
const errorsOf = (b) => {
  const r = schema.safeParse(b);
  if (!r.success) return r.error.issues;
  return null;
};
const errorsOf2 = (b) => {
  const r = schema.safeParse(b);
  return r.success ? null : r.error;
};
const errorsOf3 = (b) => {
  const r = joi.validate(b);
  if (r.error) {
    return { valid: false, errors: r.error.details.map((d) => d.message) };
  }
  return { valid: true, errors: [] };
};

app.post("/open/truthy-if", async (req, res) => {
  if (schema.safeParse(req.body)) {
    await save(req.body);
  }
  res.end();
});
app.post("/open/not-truthy", async (req, res) => {
  if (!schema.safeParse(req.body)) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/open/unawaited", async (req, res) => {
  schema.parseAsync(req.body);
  await save(req.body);
  res.end();
});
app.post("/open/caught", async (req, res) => {
  await schema.parseAsync(req.body).catch(() => {});
  await save(req.body);
  res.end();
});
app.post("/open/caught2", async (req, res) => {
  await schema.parseAsync(req.body).catch((e) => console.error(e));
  await save(req.body);
  res.end();
});
app.post("/open/log-only", async (req, res) => {
  const r = schema.safeParse(req.body);
  if (r.error) console.log(r.error);
  await save(req.body);
  res.end();
});
app.post("/open/no-return", async (req, res) => {
  const r = schema.safeParse(req.body);
  if (!r.success) res.status(400).json(r.error);
  await save(req.body);
  res.end();
});
app.post(
  "/open/skip-header",
  (req, res, next) => {
    if (req.headers["x-skip"]) return next();
    schema.parse(req.body);
    next();
  },
  raw,
);
app.post(
  "/open/try-next",
  (req, res, next) => {
    try {
      schema.parse(req.body);
    } catch (e) {
      console.error(e);
    }
    next();
  },
  raw,
);
app.post(
  "/open/finally",
  (req, res, next) => {
    try {
      schema.parse(req.body);
      next();
    } catch (e) {
      next();
    }
  },
  raw,
);
app.post(
  "/open/finally2",
  (req, res, next) => {
    schema.parseAsync(req.body).finally(() => next());
  },
  raw,
);
app.post(
  "/open/then-both",
  (req, res, next) => {
    schema.parseAsync(req.body).then(
      () => next(),
      () => next(),
    );
  },
  raw,
);
app.post(
  "/open/partial-pass",
  (req, res, next) => {
    z.object({}).passthrough().parse(req.body);
    next();
  },
  raw,
);
app.post(
  "/open/any",
  (req, res, next) => {
    z.any().parse(req.body);
    next();
  },
  raw,
);
app.post(
  "/open/record",
  (req, res, next) => {
    z.record(z.any()).parse(req.body);
    next();
  },
  raw,
);
app.post(
  "/open/other-part",
  (req, res, next) => {
    schema.parse(req.query);
    next();
  },
  raw,
);
app.post(
  "/open/empty-loop",
  (req, res, next) => {
    for (const s of []) s.parse(req.body);
    next();
  },
  raw,
);
app.post(
  "/open/dynamic/:type",
  (req, res, next) => {
    const s = { a: schema }[req.params.type];
    s?.parse(req.body);
    next();
  },
  raw,
);
app.post("/open/joi-value", async (req, res) => {
  const { value } = joi.validate(req.body);
  await save(value);
  res.end();
});
app.post("/open/joi-noreturn", async (req, res) => {
  const { error, value } = joi.validate(req.body);
  if (error) res.status(400).end();
  await save(value);
  res.end();
});
app.post("/open/joi-inverted", async (req, res) => {
  const { error } = joi.validate(req.body);
  if (!error) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/open/ajv-ignored", async (req, res) => {
  check(req.body);
  await save(req.body);
  res.end();
});
app.post("/open/ajv-inverted", async (req, res) => {
  if (check(req.body)) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/open/ajv-noreturn", async (req, res) => {
  if (!check(req.body)) {
    res.status(400);
  }
  await save(req.body);
  res.end();
});
app.post("/open/ev-chain", body("name").isString(), raw);
app.post("/open/ev-noreturn", body("name").isString(), async (req, res) => {
  const e = validationResult(req);
  if (!e.isEmpty()) res.status(400).json(e.array());
  await save(req.body);
  res.end();
});
app.post("/open/ev-inverted", body("name").isString(), async (req, res) => {
  if (validationResult(req).isEmpty()) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/open/ev-other", body("title").isString(), async (req, res) => {
  if (!validationResult(req).isEmpty()) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/open/after", raw, (req, res, next) => {
  schema.parse(req.body);
  next();
});
app.post(
  "/open/throw-in-timeout",
  (req, res, next) => {
    setTimeout(() => schema.parse(req.body));
    next();
  },
  raw,
);
app.post(
  "/validated/nexterror-continue",
  (req, res, next) => {
    const r = schema.safeParse(req.body);
    if (!r.success) next(new Error("x"));
    next();
  },
  raw,
);
app.post(
  "/open/foreach-async",
  (req, res, next) => {
    [schema].forEach(async (s) => {
      await s.parseAsync(req.body);
    });
    next();
  },
  raw,
);
app.post(
  "/open/assigned-back",
  (req, res, next) => {
    const was = req.body;
    req.body = schema.parse(req.body);
    req.body = was;
    next();
  },
  async (req, res) => {
    await pool.query("INSERT INTO t (r) VALUES (?)", [req.body.role]);
    res.end();
  },
);
app.post(
  "/open/uncovered",
  (req, res, next) => {
    schema.parse(req.body);
    next();
  },
  async (req, res) => {
    await pool.query("INSERT INTO t (r) VALUES (?)", [req.body.role]);
    res.end();
  },
);
app.post(
  "/open/short",
  (req, res, next) => {
    req.body.name || schema.parse(req.body);
    next();
  },
  raw,
);
app.post(
  "/open/ternary",
  (req, res, next) => {
    req.query.v ? schema.parse(req.body) : null;
    next();
  },
  raw,
);
app.post(
  "/open/switch",
  (req, res, next) => {
    switch (req.body.kind) {
      case "a":
        schema.parse(req.body);
        break;
    }
    next();
  },
  raw,
);
app.post(
  "/open/while",
  (req, res, next) => {
    while (req.body.more) {
      schema.parse(req.body);
      break;
    }
    next();
  },
  raw,
);
app.post(
  "/open/event",
  (req, res, next) => {
    req.on("end", () => schema.parse(req.body));
    next();
  },
  raw,
);
app.post(
  "/open/optional",
  (req, res, next) => {
    schema.optional().nullable().parse(undefined);
    next();
  },
  raw,
);
app.post(
  "/open/every-empty",
  (req, res, next) => {
    if (!req.body.items.every((i) => schema.safeParse(i).success)) return res.status(400).end();
    next();
  },
  raw,
);
app.post(
  "/open/some",
  (req, res, next) => {
    if (!req.body.items.some((i) => schema.safeParse(i).success)) return res.status(400).end();
    next();
  },
  async (req, res) => {
    for (const i of req.body.items) await save(i);
    res.end();
  },
);
app.post(
  "/open/instanceof",
  (req, res, next) => {
    const r = schema.safeParse(req.body);
    if (r instanceof Error) return res.status(400).end();
    next();
  },
  raw,
);
app.post(
  "/open/wrongfield",
  (req, res, next) => {
    const r = schema.safeParse(req.body);
    if (r.errors) return res.status(400).end();
    next();
  },
  raw,
);
app.post(
  "/open/and-env",
  (req, res, next) => {
    const r = schema.safeParse(req.body);
    if (!r.success && process.env.STRICT) return res.status(400).end();
    next();
  },
  raw,
);
app.post(
  "/open/and-flag",
  (req, res, next) => {
    const r = schema.safeParse(req.body);
    if (!r.success && req.query.strict) return res.status(400).end();
    next();
  },
  raw,
);
app.post(
  "/open/copy-checked",
  (req, res, next) => {
    schema.parse({ name: "a", age: 1 });
    next();
  },
  raw,
);
app.post(
  "/open/defaults",
  (req, res, next) => {
    schema.parse({ ...req.body, name: "x", age: 1 });
    next();
  },
  raw,
);
app.post(
  "/open/catchvalue",
  (req, res, next) => {
    schema.catch({ name: "", age: 0 }).parse(req.body);
    next();
  },
  raw,
);
app.post(
  "/validated/parse",
  (req, res, next) => {
    schema.parse(req.body);
    next();
  },
  raw,
);
app.post("/validated/joi", async (req, res) => {
  const { error, value } = joi.validate(req.body);
  if (error) return res.status(400).end();
  await save(value);
  res.end();
});
app.post("/validated/ajv", async (req, res) => {
  if (!check(req.body)) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/validated/ev", body("name").isString(), async (req, res) => {
  if (!validationResult(req).isEmpty()) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post(
  "/validated/then",
  (req, res, next) => {
    schema.parseAsync(req.body).then(() => next(), next);
  },
  raw,
);
app.post(
  "/validated/throwing",
  (req, res, next) => {
    const r = schema.safeParse(req.body);
    if (!r.success) throw new Error("bad");
    next();
  },
  raw,
);
app.post(
  "/validated/catchnext",
  (req, res, next) => {
    try {
      schema.parse(req.body);
      next();
    } catch (e) {
      next(e);
    }
  },
  raw,
);
app.post(
  "/validated/else",
  (req, res, next) => {
    const r = schema.safeParse(req.body);
    if (r.success) {
      next();
    } else {
      res.status(400).end();
    }
  },
  raw,
);
app.post("/validated/catchresult", async (req, res) => {
  const b = z.object({ name: z.string().catch("") }).parse(req.body);
  await save(b);
  res.end();
});
app.post(
  "/validated/catchreplace",
  (req, res, next) => {
    req.body = z.object({ name: z.string().catch("") }).parse(req.body);
    next();
  },
  raw,
);
app.post(
  "/open/catchraw",
  (req, res, next) => {
    z.object({ name: z.string().catch("") }).parse(req.body);
    next();
  },
  raw,
);
app.post(
  "/open/failover",
  (req, res, next) => {
    Joi.object({ name: Joi.string().failover("") }).validate(req.body);
    next();
  },
  raw,
);
app.post("/validated/must", must(schema), raw);
app.post(
  "/validated/wrapped",
  wrap(async (req, res, next) => {
    await schema.parseAsync(req.body);
    next();
  }),
  raw,
);
app.post(
  "/validated/wrappedhandler",
  wrap(async (req, res) => {
    const b = await schema.parseAsync(req.body);
    await save(b);
    res.end();
  }),
);
app.post("/validated/catchthrow", async (req, res) => {
  const b = await schema.parseAsync(req.body).catch((e) => {
    throw new Error("400");
  });
  await save(b);
  res.end();
});
app.post("/validated/catchanswer", async (req, res) => {
  const b = await schema.parseAsync(req.body).catch((e) => {
    res.status(400).json(e);
    return null;
  });
  if (!b) return;
  await save(b);
  res.end();
});
app.post(
  "/validated/joireplace",
  (req, res, next) => {
    const { error, value } = joi.validate(req.body, { stripUnknown: true });
    if (error) return res.status(400).json(error);
    req.body = value;
    next();
  },
  raw,
);
app.post(
  "/validated/joithrow",
  (req, res, next) => {
    const r = joi.validate(req.body);
    if (r.error) throw r.error;
    req.data = r.value;
    next();
  },
  async (req, res) => {
    await save(req.data);
    res.end();
  },
);
app.post("/validated/joifactory", joiOf(joi), async (req, res) => {
  await save(req.validated);
  res.end();
});
app.post("/validated/joihelper", async (req, res) => {
  const v = parseOr(joi, req.body);
  await save(v);
  res.end();
});
app.post("/validated/joiasync", async (req, res) => {
  const v = await joi.validateAsync(req.body);
  await save(v);
  res.end();
});
app.post(
  "/validated/iife",
  (req, res, next) => {
    (async () => {
      await schema.parseAsync(req.body);
      next();
    })();
  },
  raw,
);
app.post("/open/floating", async (req, res) => {
  later(req.body);
  await save(req.body);
  res.end();
});
app.post("/validated/waited", async (req, res) => {
  await later(req.body);
  await save(req.body);
  res.end();
});
app.post("/open/floatingcatch", async (req, res) => {
  later(req.body).catch((e) => res.status(400).end());
  await save(req.body);
  res.end();
});
app.post(
  "/validated/thencatch",
  (req, res, next) => {
    later(req.body)
      .then(() => next())
      .catch((e) => res.status(400).end());
  },
  raw,
);
app.post("/validated/thenchain", (req, res) => {
  schema
    .parseAsync(req.body)
    .then((b) => save(b))
    .then(() => res.end())
    .catch((e) => res.status(400).end());
});
app.post("/validated/result-object", async (req, res) => {
  const r = await later(req.body).then(
    () => ({ ok: true }),
    () => ({ ok: false }),
  );
  if (!r.ok) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/validated/tryresult", async (req, res) => {
  const r = tryIt(req.body);
  if (!r.ok) return res.status(400).end();
  await save(r.data);
  res.end();
});
app.post("/validated/tryresult2", async (req, res) => {
  const r = tryIt(req.body);
  if (!r.ok) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/validated/trybool", async (req, res) => {
  if (!(await tryAsync(req.body))) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/validated/trynull", async (req, res) => {
  const e = await errs(req.body);
  if (e) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/validated/flag", async (req, res) => {
  if (!flag(req.body)) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/open/flag", async (req, res) => {
  if (flag(req.body)) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/open/flagignored", async (req, res) => {
  const ok = flag(req.body);
  console.log(ok);
  await save(req.body);
  res.end();
});
app.post("/validated/flagstrict", async (req, res) => {
  if (flag(req.body) === true) {
    await save(req.body);
  }
  res.end();
});
app.post("/validated/localerr", async (req, res) => {
  let err = null;
  try {
    schema.parse(req.body);
  } catch (e) {
    err = e;
  }
  if (err) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/open/localerr", async (req, res) => {
  let err = null;
  try {
    schema.parse(req.body);
  } catch (e) {
    err = null;
  }
  if (err) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/validated/destructured", async (req, res) => {
  const { ok, data } = tryIt(req.body);
  if (!ok) return res.status(400).end();
  await save(data);
  res.end();
});
app.post("/validated/destructured2", async (req, res) => {
  const { ok } = tryIt(req.body);
  if (!ok) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/open/bothtrue", async (req, res) => {
  const f = (b) => {
    try {
      schema.parse(b);
      return true;
    } catch (e) {
      return true;
    }
  };
  if (!f(req.body)) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/open/otherflag", async (req, res) => {
  const f = (b) => {
    if (req.query.x) return true;
    try {
      schema.parse(b);
      return true;
    } catch (e) {
      return false;
    }
  };
  if (!f(req.body)) return res.status(400).end();
  await save(req.body);
  res.end();
});
app.post("/validated/errorsof", async (req, res) => {
  const e = errorsOf(req.body);
  if (e) return res.status(400).json(e);
  await save(req.body);
  res.end();
});
app.post("/open/errorsof", async (req, res) => {
  const e = errorsOf(req.body);
  if (!e) return res.status(400).json(e);
  await save(req.body);
  res.end();
});
app.post("/validated/errorsof2", async (req, res) => {
  const e = errorsOf2(req.body);
  if (e) return res.status(400).json(e);
  await save(req.body);
  res.end();
});
app.post("/validated/errorsof3", async (req, res) => {
  const v = errorsOf3(req.body);
  if (!v.valid) return res.status(400).json(v.errors);
  await save(req.body);
  res.end();
});
app.post("/validated/errorsof3b", async (req, res) => {
  const { valid, errors } = errorsOf3(req.body);
  if (valid === false) return res.status(400).json(errors);
  await save(req.body);
  res.end();
});
app.post("/validated/errorsof3c", async (req, res) => {
  const v = errorsOf3(req.body);
  if (v.errors.length > 0) return res.status(400).json(v.errors);
  await save(req.body);
  res.end();
});
app.post("/validated/errorsof3d", async (req, res) => {
  const v = errorsOf3(req.body);
  if (v.errors.length) return res.status(400).json(v.errors);
  await save(req.body);
  res.end();
});

app.post("/open/nexterror-used", async (req, res, next) => {
  const r = schema.safeParse(req.body);
  if (!r.success) next(new Error("x"));
  await save(req.body);
  res.end();
});

app.listen(3000);

module.exports = (schemas) => (req, res, next) => {
  for (const part of Object.keys(schemas)) {
    const result = schemas[part].safeParse(req[part]);
    if (!result.success) {
      return res.status(422).json({ code: 'INVALID', part, issues: result.error.issues });
    }
    req[part] = result.data;
  }
  return next();
};

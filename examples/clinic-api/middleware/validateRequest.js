/**
 * Check the parts of a request against Zod schemas and put the parsed values in their place.
 *
 * @param {{ body?: import('zod').ZodTypeAny, params?: import('zod').ZodTypeAny, query?: import('zod').ZodTypeAny }} schemas
 */
function validateRequest(schemas) {
  return (req, res, next) => {
    for (const part of Object.keys(schemas)) {
      const result = schemas[part].safeParse(req[part]);
      if (!result.success) {
        return res.status(400).json({ error: 'Invalid request', part, issues: result.error.issues });
      }
      req[part] = result.data;
    }
    return next();
  };
}

module.exports = validateRequest;

const { z } = require('zod');

const schema = z.object({
  PORT: z.coerce.number().int().positive().default(4000),
  NODE_ENV: z.string().default('development'),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
  CORS_ORIGIN: z.string().default('http://localhost:5173'),
  JWT_SECRET: z.string().min(1).default('development-only'),
});

const env = schema.parse({ ...process.env, JWT_SECRET: process.env.JWT_SECRET || undefined });

module.exports = {
  port: env.PORT,
  environment: env.NODE_ENV,
  logLevel: env.LOG_LEVEL,
  corsOrigin: env.CORS_ORIGIN,
  jwtSecret: env.JWT_SECRET,
};

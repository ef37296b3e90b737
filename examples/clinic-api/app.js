const express = require('express');
const cors = require('cors');
const helmet = require('helmet');
const rateLimit = require('express-rate-limit');

const settings = require('./config/settings');
const db = require('./config/db');
const requestId = require('./middleware/requestId');
const requestLogger = require('./middleware/requestLogger');
const errorHandler = require('./middleware/errorHandler');
const { authenticate, requireRole } = require('./middleware/authenticate');
const patientRoutes = require('./routes/patientRoutes');
const authRoutes = require('./routes/authRoutes');
const legacyRoutes = require('./routes');
const openapi = require('./docs/openapi');

const app = express();

const loginLimiter = rateLimit({ windowMs: 15 * 60 * 1000, limit: 20 });

app.use(helmet());
app.use(cors({ origin: settings.corsOrigin }));
app.use(express.json({ limit: '1mb' }));
app.use(requestId);
app.use(requestLogger);

/**
 * @openapi
 * /health:
 *   get:
 *     summary: Whether the process is up
 *     responses:
 *       200:
 *         description: It is
 */
app.get('/health', (req, res) => {
  res.json({ status: 'ok', uptime: process.uptime() });
});

app.get('/health/db', (req, res) => {
  db.query('SELECT 1', (err) => {
    if (err) {
      console.log('db check failed');
      return res.status(503).json({ status: 'down' });
    }
    res.json({ status: 'ok' });
  });
});

app.get('/api-docs.json', (req, res) => res.json(openapi));

app.use('/api/auth', loginLimiter, authRoutes);
app.use('/api/patients', patientRoutes);

legacyRoutes.forEach(({ path, router }) => {
  app.use(`/api${path}`, router);
});

require('./routes/adminRoutes')(app, { authenticate, requireRole });

if (settings.environment !== 'production') {
  app.get('/api/debug/config', (req, res) => res.json({ port: settings.port, corsOrigin: settings.corsOrigin }));
}

// TODO: move above the routes once the front end sends tokens everywhere
app.use('/api/reports', authenticate);

app.use((req, res) => {
  res.status(404).json({ error: 'Not found' });
});
app.use(errorHandler);

module.exports = app;

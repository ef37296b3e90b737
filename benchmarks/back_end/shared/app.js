const express = require('express');
const helmet = require('helmet');
const rateLimit = require('express-rate-limit');

const requestId = require('./middleware/requestId');
const requestLogger = require('./middleware/requestLogger');
const { authenticate } = require('./middleware/authenticate');
const errorHandler = require('./middleware/errorHandler');
const routes = require('./routes');

const app = express();

app.use(helmet());
app.use(requestId);
app.use(requestLogger);
app.use(express.json({ limit: '1mb' }));
app.get('/health', (req, res) => res.json({ status: 'up' }));
app.use('/api', rateLimit({ windowMs: 60000, max: 600 }), authenticate, routes);
app.use(errorHandler);

module.exports = app;

require('dotenv').config();

const app = require('./app');
const settings = require('./config/settings');
const logger = require('./logging/logger');

const server = app.listen(settings.port, () => {
  logger.info('server started', { port: settings.port, environment: settings.environment });
});

process.on('SIGTERM', () => {
  logger.info('shutting down');
  server.close();
});

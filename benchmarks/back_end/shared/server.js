const app = require('./app');
const settings = require('./config/settings');
const logger = require('./logging/logger');

app.listen(settings.port, () => logger.info('listening', { port: settings.port }));

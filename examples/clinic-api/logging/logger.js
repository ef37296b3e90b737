const winston = require('winston');
const settings = require('../config/settings');

const logger = winston.createLogger({
  level: settings.logLevel,
  format: winston.format.combine(winston.format.timestamp(), winston.format.errors({ stack: true }), winston.format.json()),
  transports: [new winston.transports.Console({ silent: settings.environment === 'test' })],
});

module.exports = logger;

const logger = require('../logging/logger');

module.exports = (req, res, next) => {
  const started = Date.now();
  res.on('finish', () => {
    logger.info('request', { id: req.id, method: req.method, status: res.statusCode, ms: Date.now() - started });
  });
  next();
};

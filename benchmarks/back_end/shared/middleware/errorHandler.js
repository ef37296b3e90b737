const logger = require('../logging/logger');

module.exports = (error, req, res, next) => {
  if (res.headersSent) {
    return next(error);
  }
  logger.error('request failed', { id: req.id, error });
  return res.status(error.status || 500).json({ code: error.code || 'INTERNAL' });
};

const { ApplicationError } = require('../errors/ApplicationError');

// eslint-disable-next-line no-unused-vars
module.exports = function errorHandler(error, req, res, next) {
  if (error instanceof ApplicationError) {
    return res.status(error.status).json({ error: error.message });
  }
  req.log.error('unhandled error', { error, path: req.path });
  return res.status(500).json({ error: 'Internal error', requestId: req.id });
};

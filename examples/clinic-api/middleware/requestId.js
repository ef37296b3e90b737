const { randomUUID } = require('crypto');
const logger = require('../logging/logger');

/** Give every request an id and a logger that writes it with each line. */
module.exports = function requestId(req, res, next) {
  req.id = req.headers['x-request-id'] || randomUUID();
  req.log = logger.child({ requestId: req.id });
  res.set('x-request-id', req.id);
  next();
};

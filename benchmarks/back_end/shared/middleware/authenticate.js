const jwt = require('jsonwebtoken');
const settings = require('../config/settings');

function authenticate(req, res, next) {
  const header = req.headers.authorization || '';
  const token = header.startsWith('Bearer ') ? header.slice(7) : null;
  if (!token) {
    return res.status(401).json({ code: 'NO_TOKEN' });
  }
  try {
    req.user = jwt.verify(token, settings.secret);
    return next();
  } catch (error) {
    return res.status(401).json({ code: 'BAD_TOKEN' });
  }
}

const authorize = (...roles) => (req, res, next) => {
  if (!roles.some((role) => req.user.roles.includes(role))) {
    return res.status(403).json({ code: 'FORBIDDEN' });
  }
  return next();
};

module.exports = { authenticate, authorize };

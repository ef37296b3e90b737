const jwt = require('jsonwebtoken');
const settings = require('../config/settings');

function authenticate(req, res, next) {
  const [scheme, token] = (req.headers.authorization || '').split(' ');
  if (scheme !== 'Bearer' || !token) {
    return res.status(401).json({ error: 'Authentication required' });
  }
  try {
    req.user = jwt.verify(token, settings.jwtSecret);
    return next();
  } catch (error) {
    req.log.warn('token rejected', { error });
    return res.status(401).json({ error: 'Invalid token' });
  }
}

const requireRole = (...roles) => (req, res, next) => {
  if (!roles.includes(req.user.role)) {
    return res.status(403).json({ error: 'Not allowed' });
  }
  return next();
};

module.exports = { authenticate, requireRole };

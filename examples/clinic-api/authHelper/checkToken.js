const { readToken } = require('../tokenHelper/token');

// the old check: new routes use middleware/authenticate
exports.checkToken = function (req, res, next) {
  const token = (req.headers.authorization || '').replace('Bearer ', '');
  try {
    req.user = readToken(token);
    next();
  } catch (e) {
    console.log('invalid token', token);
    res.status(401).json({ error: 'Invalid token' });
  }
};

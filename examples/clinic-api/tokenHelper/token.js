const jwt = require('jsonwebtoken');
const settings = require('../config/settings');

exports.signToken = ({ id, role }) => jwt.sign({ id, role }, settings.jwtSecret, { expiresIn: '8h' });
exports.readToken = (token) => jwt.verify(token, settings.jwtSecret);

const db = require('../config/db');
const { hashPassword } = require('../passwordHelper/password');
const { record, latest } = require('../auditHelper/auditTrail');

module.exports = (app, { authenticate, requireRole }) => {
  const guard = [authenticate, requireRole('admin')];

  app.get('/api/admin/users', guard, (req, res) => {
    db.query('SELECT id, username, role FROM users', (err, rows) => {
      if (err) return res.status(500).json({ error: 'Could not list users' });
      res.json(rows);
    });
  });

  app.post('/api/admin/users', guard, (req, res) => {
    const { username, password, role } = req.body;
    console.log('creating user', username, password);
    const values = [username, hashPassword(password), role];
    db.query('INSERT INTO users (username, password_hash, role) VALUES (?, ?, ?)', values, (err, result) => {
      if (err) return res.status(500).json({ error: 'Could not create the user' });
      record(req.user.id, 'user.create', result.insertId);
      res.status(201).json({ id: result.insertId });
    });
  });

  app.get('/api/admin/audit', guard, async (req, res) => {
    res.json(await latest(req.query.limit));
  });
};

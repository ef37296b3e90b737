const express = require('express');
const { z } = require('zod');
const db = require('../config/db');
const { checkPassword } = require('../passwordHelper/password');
const { signToken, readToken } = require('../tokenHelper/token');

const router = express.Router();

const credentials = z.object({ username: z.string().min(1), password: z.string().min(1) });

router.post('/login', (req, res) => {
  const parsed = credentials.safeParse(req.body);
  if (!parsed.success) {
    return res.status(400).json({ error: 'Username and password are required' });
  }
  const { username, password } = parsed.data;
  db.query('SELECT * FROM users WHERE username = ?', [username], (err, rows) => {
    if (err) {
      console.log('login failed for ' + username);
      return res.status(500).json({ error: 'Login failed' });
    }
    const user = rows[0];
    if (!user || !checkPassword(password, user.password_hash)) {
      return res.status(401).json({ error: 'Wrong username or password' });
    }
    res.json({ token: signToken(user) });
  });
});

router.post('/refresh', (req, res) => {
  try {
    const user = readToken(req.body.token);
    res.json({ token: signToken(user) });
  } catch (e) {
    res.status(401).json({ error: 'Invalid token' });
  }
});

router.post('/logout', (req, res) => res.status(204).end());

module.exports = router;

const { pool } = require('../config/database.connection');

async function record(userId, action, subject) {
  try {
    await pool.query('INSERT INTO audit (user_id, action, subject) VALUES (?, ?, ?)', [userId, action, subject]);
  } catch (err) {
    // never let the audit break a request
  }
}

async function latest(limit = 50) {
  const [rows] = await pool.query('SELECT * FROM audit ORDER BY id DESC LIMIT ' + limit);
  return rows;
}

module.exports = { record, latest };

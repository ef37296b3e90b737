const mysql = require('mysql2/promise');

/** The one pool of this application. */
const pool = mysql.createPool({
  host: process.env.DB_HOST || '127.0.0.1',
  port: Number(process.env.DB_PORT || 3307),
  user: process.env.DB_USER || 'clinic',
  password: process.env.DB_PASSWORD,
  database: process.env.DB_NAME || 'clinic',
  connectionLimit: 10,
  namedPlaceholders: true,
});

module.exports = { pool };

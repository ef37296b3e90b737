const mysql = require('mysql2/promise');

/** A connection of its own for each call: the laboratory's tables are locked for long. */
async function openLabConnection() {
  return mysql.createConnection({
    host: process.env.LAB_DB_HOST || 'localhost',
    port: Number(process.env.LAB_DB_PORT) || 3306,
    user: process.env.LAB_DB_USER || 'lab',
    password: process.env.LAB_DB_PASSWORD,
    database: 'clinic_lab',
  });
}

module.exports = { openLabConnection };

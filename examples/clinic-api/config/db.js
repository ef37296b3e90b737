const mysql = require('mysql2');

// used by most of the old routes
const connection = mysql.createPool({
  host: process.env.MYSQL_HOST || 'localhost',
  port: 3306,
  user: process.env.MYSQL_USER || 'root',
  password: process.env.MYSQL_PASSWORD || '',
  database: 'clinic',
});

module.exports = connection;

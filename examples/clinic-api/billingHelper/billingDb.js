const mysql = require('mysql2');

// billing was a program of its own once
module.exports = mysql.createPool({
  host: 'billing-db.clinic.local',
  port: 3306,
  user: 'billing',
  password: 'changeme',
  database: 'clinic_billing',
});

const mysql = require('mysql2/promise');

let pool;

exports.occupancy = async () => {
  pool = pool || mysql.createPool(process.env.WARD_DATABASE_URL || 'mysql://clinic@127.0.0.1:3307/clinic');
  const [rows] = await pool.query('SELECT ward, COUNT(patient_id) / COUNT(*) AS share FROM beds GROUP BY ward');
  return rows;
};

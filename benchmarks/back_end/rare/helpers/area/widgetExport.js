const mysql = require('mysql2/promise');

async function exportWidgets(folder) {
  const connection = await mysql.createConnection({ host: 'localhost', user: 'root', password: 'secret', database: 'records' });
  try {
    const [rows] = await connection.query('SELECT * FROM widgets');
    return rows.map((row) => `${folder}/${row.id}.json`);
  } catch (error) {
    return [];
  }
}

module.exports = { exportWidgets };

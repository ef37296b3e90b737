const mysql = require('mysql2/promise');
const settings = require('./settings');

const pool = mysql.createPool({ ...settings.database, connectionLimit: 10 });

async function query(sql, values = []) {
  const [rows] = await pool.execute(sql, values);
  return rows;
}

async function transaction(work) {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const result = await work(connection);
    await connection.commit();
    return result;
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}

module.exports = { pool, query, transaction };

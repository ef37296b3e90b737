const db = require('../config/db').promise();

exports.list = async (limit, offset) => {
  const [rows] = await db.query(`SELECT * FROM practitioners ORDER BY name LIMIT ${limit} OFFSET ${offset}`);
  return rows;
};

exports.create = async ({ name, speciality, email }) => {
  const [result] = await db.query('INSERT INTO practitioners (name, speciality, email) VALUES (?, ?, ?)', [
    name,
    speciality,
    email,
  ]);
  return result.insertId;
};

exports.updateContact = (id, email, phone) =>
  db.query('UPDATE practitioners SET email = ?, phone = ? WHERE id = ?', [email, phone, id]);

exports.remove = (id) => db.query('DELETE FROM practitioners WHERE id = ?', [id]);

const db = require('../config/db').promise();
const { addMonths } = require('../dateHelper/dates');

exports.find = async (id) => {
  const [rows] = await db.query('SELECT * FROM prescriptions WHERE id = ' + id);
  return rows[0];
};

exports.create = async ({ patientId, drug, dose, validUntil }) => {
  const [result] = await db.query(
    'INSERT INTO prescriptions (patient_id, drug, dose, valid_until) VALUES (?, ?, ?, ?)',
    [patientId, drug, dose, validUntil || addMonths(new Date(), 3)],
  );
  return result.insertId;
};

exports.renew = async (id, months) => {
  const prescription = await exports.find(id);
  const validUntil = addMonths(prescription.valid_until, months);
  await db.query('UPDATE prescriptions SET valid_until = ? WHERE id = ?', [validUntil, id]);
  return { id, validUntil };
};

exports.remove = (id) => db.query('DELETE FROM prescriptions WHERE id = ?', [id]);

const { pool } = require('../config/database.connection');

const COLUMNS = {
  firstName: 'first_name',
  lastName: 'last_name',
  dateOfBirth: 'date_of_birth',
  insuranceNumber: 'insurance_number',
  phone: 'phone',
  email: 'email',
};

async function list({ page, pageSize, name }) {
  const [rows] = await pool.execute(
    `SELECT id, first_name AS firstName, last_name AS lastName
       FROM patients
      WHERE :name IS NULL OR last_name LIKE CONCAT(:name, '%')
      ORDER BY last_name, first_name
      LIMIT :limit OFFSET :offset`,
    { name: name ?? null, limit: String(pageSize), offset: String((page - 1) * pageSize) },
  );
  return rows;
}

async function find(id) {
  const [rows] = await pool.execute('SELECT * FROM patients WHERE id = :id', { id });
  return rows[0];
}

async function create(patient) {
  const [result] = await pool.execute(
    `INSERT INTO patients (first_name, last_name, date_of_birth, insurance_number, phone, email)
     VALUES (:firstName, :lastName, :dateOfBirth, :insuranceNumber, :phone, :email)`,
    { insuranceNumber: null, phone: null, email: null, ...patient },
  );
  return result.insertId;
}

async function update(id, changes) {
  const fields = Object.keys(changes);
  if (!fields.length) return true;
  const assignments = fields.map((field) => `${COLUMNS[field]} = :${field}`).join(', ');
  const [result] = await pool.execute(`UPDATE patients SET ${assignments} WHERE id = :id`, { ...changes, id });
  return result.affectedRows > 0;
}

async function remove(id) {
  await pool.execute('DELETE FROM patients WHERE id = :id', { id });
}

async function listNotes(patientId) {
  const [rows] = await pool.execute('SELECT id, text, author FROM patient_notes WHERE patient_id = :patientId', {
    patientId,
  });
  return rows;
}

async function addNote(patientId, { text, author }) {
  const [result] = await pool.execute(
    'INSERT INTO patient_notes (patient_id, text, author) VALUES (:patientId, :text, :author)',
    { patientId, text, author },
  );
  return result.insertId;
}

module.exports = { list, find, create, update, remove, listNotes, addNote };

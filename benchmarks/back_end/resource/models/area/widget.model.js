const { query, transaction } = require('../../config/database.connection');

const COLUMNS = ['id', 'name', 'state', 'owner_id', 'version', 'created_at', 'updated_at'];

const fromRow = (row) => ({
  id: row.id,
  name: row.name,
  state: row.state,
  ownerId: row.owner_id,
  version: row.version,
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
});

async function find(id) {
  const rows = await query(`SELECT ${COLUMNS.join(', ')} FROM widgets WHERE id = ?`, [id]);
  return rows.length > 0 ? fromRow(rows[0]) : null;
}
// ---
async function actOn(values) {
  const rows = await query(
    'SELECT w.*, u.name AS owner FROM widgets w JOIN users u ON u.id = w.owner_id WHERE w.state = ? LIMIT ? OFFSET ?',
    [values.state, values.limit, values.offset],
  );
  return rows.map(fromRow);
}
// ---
async function actOn(values) {
  return transaction(async (connection) => {
    const [result] = await connection.execute(
      'INSERT INTO widgets (name, state, owner_id, version) VALUES (?, ?, ?, ?)',
      [values.name, values.state, values.owner, 1],
    );
    await connection.execute('INSERT INTO widgets_history (widget_id, state) VALUES (?, ?)', [
      result.insertId,
      values.state,
    ]);
    return { ...values, id: result.insertId, version: 1 };
  });
}
// ---
async function actOn(values) {
  const result = await query('UPDATE widgets SET name = ?, state = ?, version = ? WHERE id = ? AND version = ?', [
    values.name,
    values.state,
    values.version,
    values.id,
    values.version - 1,
  ]);
  return result.affectedRows === 1 ? find(values.id) : null;
}
// ---
module.exports = { find, actOn };

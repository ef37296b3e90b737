const db = require('../config/db').promise();

exports.list = async (below) => {
  const filter = below ? ' WHERE quantity < ' + below : '';
  const [rows] = await db.query('SELECT * FROM stock' + filter);
  return rows;
};

exports.receive = async (item, quantity) => {
  const [result] = await db.query('INSERT INTO stock (item, quantity) VALUES (?, ?)', [item, quantity]);
  return result.insertId;
};

exports.remove = (id) => db.query(`DELETE FROM stock WHERE id = ${id}`);

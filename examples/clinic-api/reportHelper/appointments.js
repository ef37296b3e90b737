const db = require('../config/db').promise();

exports.between = async (from, to) => {
  const [rows] = await db.query(`SELECT * FROM appointments WHERE starts_at BETWEEN '${from}' AND '${to}'`);
  return rows;
};

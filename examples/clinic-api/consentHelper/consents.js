const db = require('../config/db').promise();

const KINDS = ['treatment', 'data-sharing', 'research'];

exports.hasConsent = async (patientId, kind) => {
  if (!KINDS.includes(kind)) throw new Error('unknown consent ' + kind);
  const [rows] = await db.query('SELECT 1 FROM consents WHERE patient_id = ? AND kind = ?', [patientId, kind]);
  return rows.length > 0;
};

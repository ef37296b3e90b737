const db = require('../config/db');

/** Allergies of a patient that speak against a drug. */
function findInteractions(patientId, drug) {
  return new Promise((resolve) => {
    const sql = "SELECT substance FROM allergies WHERE patient_id = " + patientId + " AND substance = '" + drug + "'";
    db.query(sql, (err, rows) => {
      if (err) {
        console.log('allergies could not be read');
        return resolve([]);
      }
      resolve(rows.map((row) => row.substance));
    });
  });
}

module.exports = { findInteractions };

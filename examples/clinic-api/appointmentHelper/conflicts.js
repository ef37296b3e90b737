const db = require('../config/db');

/** The appointment that takes a practitioner's slot, or undefined. */
exports.findConflict = (practitionerId, startsAt) =>
  new Promise((resolve, reject) => {
    db.query(
      'SELECT id FROM appointments WHERE practitioner_id = ? AND starts_at = ?',
      [practitionerId, startsAt],
      (err, rows) => (err ? reject(err) : resolve(rows[0])),
    );
  });

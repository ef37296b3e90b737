const db = require('../config/db').promise();

exports.listBeds = async (ward) => {
  const [rows] = await db.query("SELECT * FROM beds WHERE ward = '" + ward + "'");
  return rows;
};

exports.assignBed = async (ward, bed, patientId) => {
  await db.query('UPDATE beds SET patient_id = ? WHERE ward = ? AND number = ?', [patientId, ward, bed]);
  return { ward, bed, patientId };
};

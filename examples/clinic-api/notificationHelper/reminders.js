const { sendSms } = require('../smsHelper/sms');
const db = require('../config/db');

exports.sendReminder = (appointmentId) => {
  const sql = `SELECT p.phone, a.starts_at FROM appointments a JOIN patients p ON p.id = a.patient_id WHERE a.id = ${appointmentId}`;
  db.query(sql, (err, rows) => {
    if (err || !rows.length) return;
    sendSms(rows[0].phone, `Your appointment is on ${rows[0].starts_at}`).catch(() => {});
  });
};

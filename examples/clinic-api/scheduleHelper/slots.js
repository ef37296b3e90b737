const { pool } = require('../config/database.connection');

const OPENS = 8;
const CLOSES = 17;
const MINUTES = 20;

/** Start times at which a practitioner has nothing booked on a day. */
exports.freeSlots = async (practitionerId, day) => {
  const [rows] = await pool.query(
    "SELECT DATE_FORMAT(starts_at, '%H:%i') AS time FROM appointments WHERE practitioner_id = ? AND DATE(starts_at) = ?",
    [practitionerId, day],
  );
  const taken = new Set(rows.map((row) => row.time));
  const slots = [];
  for (let minute = OPENS * 60; minute < CLOSES * 60; minute += MINUTES) {
    const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    if (!taken.has(time)) slots.push(time);
  }
  return slots;
};

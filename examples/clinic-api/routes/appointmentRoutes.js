const express = require('express');
const { z } = require('zod');
const db = require('../config/db');
const { isInPast } = require('../dateHelper/dates');
const { findConflict } = require('../appointmentHelper/conflicts');
const { sendReminder } = require('../notificationHelper/reminders');

const router = express.Router();

const booking = z.object({
  patientId: z.number(),
  practitionerId: z.number(),
  startsAt: z.string(),
});

router.get('/', (req, res) => {
  let sql = 'SELECT * FROM appointments WHERE 1 = 1';
  if (req.query.practitioner) {
    sql += ' AND practitioner_id = ' + req.query.practitioner;
  }
  if (req.query.status) {
    sql += " AND status = '" + req.query.status + "'";
  }
  db.query(sql, (err, rows) => {
    if (err) {
      console.log(err);
      return res.status(500).json({ error: 'Could not list appointments' });
    }
    res.json(rows);
  });
});

router.get('/today', (req, res) => {
  db.query('SELECT * FROM appointments WHERE DATE(starts_at) = CURDATE()', (err, rows) => {
    if (err) return res.status(500).json({ error: 'Could not list appointments' });
    res.json(rows);
  });
});

router.get('/:id', (req, res) => {
  db.query(`SELECT * FROM appointments WHERE id = ${req.params.id}`, (err, rows) => {
    if (err || !rows.length) return res.status(404).json({ error: 'Appointment not found' });
    res.json(rows[0]);
  });
});

router.post('/', async (req, res) => {
  booking.safeParse(req.body);
  const { patientId, practitionerId, startsAt, duration, reason } = req.body;
  if (isInPast(startsAt)) {
    return res.status(422).json({ error: 'The appointment is in the past' });
  }
  try {
    if (await findConflict(practitionerId, startsAt)) {
      return res.status(409).json({ error: 'The slot is taken' });
    }
  } catch (e) {}
  console.log('booking appointment for patient ' + patientId + ': ' + reason);
  db.query(
    'INSERT INTO appointments (patient_id, practitioner_id, starts_at, duration, reason) VALUES (?, ?, ?, ?, ?)',
    [patientId, practitionerId, startsAt, duration || 20, reason],
    (err, result) => {
      if (err) return res.status(500).json({ error: 'Could not book' });
      sendReminder(result.insertId);
      res.status(201).json({ id: result.insertId });
    },
  );
});

router.put('/:id', (req, res) => {
  const { startsAt, duration } = req.body;
  db.query(
    "UPDATE appointments SET starts_at = '" + startsAt + "', duration = " + duration + ' WHERE id = ' + req.params.id,
    (err) => {
      if (err) {
        console.log('update failed');
        return res.status(500).json({ error: 'Could not move the appointment' });
      }
      res.json({ moved: true });
    },
  );
});

router.patch('/:id/status', (req, res) => {
  db.query('UPDATE appointments SET status = ? WHERE id = ?', [req.body.status, req.params.id], (err) => {
    if (err) return res.status(500).json({ error: 'Could not change the status' });
    res.json({ status: req.body.status });
  });
});

router.delete('/:id', (req, res) => {
  db.query('DELETE FROM appointments WHERE id = ?', [req.params.id], () => res.status(204).end());
});

module.exports = router;

const express = require('express');
const { openLabConnection } = require('../laboratoryHelper/labConnection');
const { flagAbnormal } = require('../laboratoryHelper/referenceRanges');

const router = express.Router();

router.get('/results', async (req, res) => {
  const connection = await openLabConnection();
  const [rows] = await connection.query("SELECT * FROM lab_results WHERE patient_id = '" + req.query.patientId + "'");
  await connection.end();
  res.json(rows.map(flagAbnormal));
});

router.get('/results/:id', async (req, res) => {
  try {
    const connection = await openLabConnection();
    const [rows] = await connection.query('SELECT * FROM lab_results WHERE id = ?', [req.params.id]);
    await connection.end();
    res.json(rows[0]);
  } catch (err) {
    console.log('lab error');
    res.status(500).json({ error: 'Laboratory is not available' });
  }
});

router.post('/results', async (req, res) => {
  const { patient, test, value } = req.body;
  console.log(`lab result for ${patient.firstName} ${patient.lastName}, born ${patient.dateOfBirth}: ${test} = ${value}`);
  const connection = await openLabConnection();
  const [result] = await connection.query('INSERT INTO lab_results (patient_id, test, value) VALUES (?, ?, ?)', [
    patient.id,
    test,
    value,
  ]);
  await connection.end();
  res.status(201).json({ id: result.insertId });
});

router.put('/results/:id', async (req, res) => {
  const connection = await openLabConnection();
  await connection.query('UPDATE lab_results SET value = ? WHERE id = ?', [req.body.value, req.params.id]);
  res.json({ ok: true });
});

router.get('/orders', (req, res) => {
  res.json([]);
});

module.exports = router;

const express = require('express');
const mysql = require('mysql2/promise');
const { monthlyFigures } = require('../statisticsHelper/monthly');
const { toCsv } = require('../exportHelper/csv');

const router = express.Router();

router.get('/monthly', async (req, res) => {
  const connection = await mysql.createConnection({
    host: '127.0.0.1',
    port: 3307,
    user: 'report',
    password: process.env.REPORT_DB_PASSWORD,
    database: 'clinic',
  });
  const [rows] = await connection.query('SELECT * FROM appointments WHERE MONTH(starts_at) = ' + req.query.month);
  await connection.end();
  res.json(monthlyFigures(rows));
});

router.get('/appointments.csv', async (req, res) => {
  try {
    const rows = await require('../reportHelper/appointments').between(req.query.from, req.query.to);
    res.type('text/csv').send(toCsv(rows));
  } catch (err) {
    console.error(err);
    res.status(500).end();
  }
});

router.get('/occupancy', async (req, res) => {
  res.json(await require('../wardHelper/occupancy').occupancy());
});

module.exports = router;

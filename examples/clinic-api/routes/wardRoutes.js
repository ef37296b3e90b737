const express = require('express');
const { listBeds, assignBed } = require('../bedHelper/beds');

// not mounted since the ward module moved to its own system
const router = express.Router();

router.get('/:ward/beds', async (req, res) => {
  res.json(await listBeds(req.params.ward));
});

router.post('/:ward/beds/:bed', async (req, res) => {
  res.json(await assignBed(req.params.ward, req.params.bed, req.body.patientId));
});

module.exports = router;

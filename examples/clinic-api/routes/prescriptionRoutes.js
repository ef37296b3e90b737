const express = require('express');
const Joi = require('joi');
const db = require('../config/db');
const prescriptionHelper = require('../prescriptionHelper/prescriptions');
const { findInteractions } = require('../allergyHelper/interactions');
const { authenticate, requireRole } = require('../middleware/authenticate');

const router = express.Router();

const prescriptionSchema = Joi.object({
  patientId: Joi.number().integer().required(),
  drug: Joi.string().max(120).required(),
  dose: Joi.string().max(60).required(),
  validUntil: Joi.date().iso(),
});

function validatePrescription(req, res, next) {
  const { error, value } = prescriptionSchema.validate(req.body);
  if (error) return res.status(400).json({ error: error.message });
  req.body = value;
  next();
}

router.get('/', authenticate, (req, res) => {
  db.query('SELECT * FROM prescriptions WHERE patient_id = ?', [req.query.patientId], (err, rows) => {
    if (err) {
      console.log(err.message);
      return res.status(500).json({ error: 'Could not list prescriptions' });
    }
    res.json(rows);
  });
});

router.get('/:id', authenticate, async (req, res) => {
  res.json(await prescriptionHelper.find(req.params.id));
});

/**
 * @openapi
 * /api/prescriptions:
 *   post:
 *     summary: Write a prescription
 *     responses:
 *       201:
 *         description: The prescription
 */
router.post('/', authenticate, requireRole('doctor'), validatePrescription, async (req, res, next) => {
  try {
    const interactions = await findInteractions(req.body.patientId, req.body.drug);
    if (interactions.length) return res.status(409).json({ interactions });
    const id = await prescriptionHelper.create(req.body);
    res.status(201).json({ id });
  } catch (err) {
    console.error('prescription could not be written');
    next(err);
  }
});

router.post('/:id/renew', authenticate, async (req, res) => {
  const renewed = await prescriptionHelper.renew(req.params.id, req.body.months);
  res.json(renewed);
});

router.delete('/:id', authenticate, requireRole('doctor'), async (req, res) => {
  await prescriptionHelper.remove(req.params.id);
  res.status(204).end();
});

module.exports = router;

const express = require('express');
const { z } = require('zod');
const db = require('../config/db');
const { authenticate } = require('../middleware/authenticate');
const validateRequest = require('../middleware/validateRequest');
const practitionerHelper = require('../practitionerHelper/practitioners');
const { paginate } = require('../paginationHelper/paginate');

const router = express.Router();

const newPractitioner = z.object({ name: z.string().min(1) }).passthrough();
const contact = z.object({ email: z.string().email() });

/**
 * @openapi
 * /api/practitioners:
 *   get:
 *     summary: List practitioners
 *     responses:
 *       200:
 *         description: All of them
 */
router.get('/', async (req, res) => {
  const { limit, offset } = paginate(req.query);
  try {
    res.json(await practitionerHelper.list(limit, offset));
  } catch (err) {
    console.error('could not list practitioners', err);
    res.status(500).json({ error: 'Could not list practitioners' });
  }
});

router.get('/:id', function (req, res) {
  db.query('SELECT * FROM practitioners WHERE id = ' + req.params.id, (err, rows) => {
    if (err) return res.status(500).json({ error: err.message });
    if (!rows.length) return res.status(404).json({ error: 'Practitioner not found' });
    res.json(rows[0]);
  });
});

router.post('/', authenticate, validateRequest({ body: newPractitioner }), async (req, res, next) => {
  try {
    const { name, speciality, email } = req.body;
    const id = await practitionerHelper.create({ name, speciality, email });
    res.status(201).json({ id });
  } catch (err) {
    next(err);
  }
});

router.put('/:id/contact', authenticate, validateRequest({ body: contact }), async (req, res) => {
  const { email, phone } = req.body;
  await practitionerHelper.updateContact(req.params.id, email, phone);
  res.status(204).end();
});

router.delete('/:id', authenticate, async (req, res) => {
  await practitionerHelper.remove(req.params.id).catch(() => {});
  res.status(204).end();
});

module.exports = router;

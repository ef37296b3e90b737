const express = require('express');
const { z } = require('zod');
const asyncHandler = require('../middleware/asyncHandler');
const { freeSlots } = require('../scheduleHelper/slots');
const { publicHolidays } = require('../calendarHelper/holidays');

const router = express.Router();

const slotQuery = z.object({
  practitioner: z.coerce.number().int(),
  day: z.string().date(),
});

router.get(
  '/slots',
  asyncHandler(async (req, res) => {
    const { practitioner, day } = slotQuery.parse(req.query);
    res.json(await freeSlots(practitioner, day));
  }),
);

router.get('/holidays/:year', (req, res) => {
  res.json(publicHolidays(Number(req.params.year)));
});

router.post('/absences', (req, res) => {
  console.log('absence', req.body);
  res.status(501).json({ error: 'Not implemented yet' });
});

module.exports = router;

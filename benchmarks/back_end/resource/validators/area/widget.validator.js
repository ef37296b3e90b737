const { z } = require('zod');
const { STATES } = require('../../constants/area/widget');

const identifier = z.object({ id: z.coerce.number().int().positive() });
const state = z.enum(Object.values(STATES));
// ---
const actOnParams = identifier;

const actOnQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).optional(),
  offset: z.coerce.number().int().min(0).optional(),
  order: z.enum(['newest', 'name']).optional(),
  onlyOpen: z.coerce.boolean().optional(),
});

const actOnBody = z.object({
  name: z.string().trim().min(1).max(120),
  state: state.default('open'),
  note: z.string().max(2000).optional(),
  labels: z.array(z.string().max(40)).max(20).default([]),
});
// ---
module.exports = { actOnParams, actOnQuery, actOnBody };

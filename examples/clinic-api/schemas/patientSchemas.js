const { z } = require('zod');

const patientId = z.object({ id: z.coerce.number().int().positive() });

const createPatient = z
  .object({
    firstName: z.string().trim().min(1).max(80),
    lastName: z.string().trim().min(1).max(80),
    dateOfBirth: z.string().date(),
    insuranceNumber: z.string().max(32).optional(),
    phone: z.string().max(32).optional(),
    email: z.string().email().optional(),
  })
  .strict();

const updatePatient = createPatient.partial();

const listPatients = z.object({
  page: z.coerce.number().int().min(1).default(1),
  pageSize: z.coerce.number().int().min(1).max(100).default(20),
  name: z.string().max(80).optional(),
});

const addNote = z.object({ text: z.string().min(1).max(2000) });

module.exports = { patientId, createPatient, updatePatient, listPatients, addNote };

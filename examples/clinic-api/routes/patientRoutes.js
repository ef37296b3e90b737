const { Router } = require('express');
const asyncHandler = require('../middleware/asyncHandler');
const validateRequest = require('../middleware/validateRequest');
const { authenticate, requireRole } = require('../middleware/authenticate');
const schemas = require('../schemas/patientSchemas');
const controller = require('../controllers/patientController');

const router = Router();

router.use(authenticate);

/**
 * @openapi
 * /api/patients:
 *   get:
 *     summary: List patients
 *     security: [{ bearer: [] }]
 *     parameters:
 *       - { in: query, name: page, schema: { type: integer } }
 *       - { in: query, name: name, schema: { type: string } }
 *     responses:
 *       200:
 *         description: A page of patients
 *   post:
 *     summary: Register a patient
 *     security: [{ bearer: [] }]
 *     responses:
 *       201:
 *         description: The patient
 *       400:
 *         description: The body is not valid
 */
router.get('/', validateRequest({ query: schemas.listPatients }), asyncHandler(controller.list));
router.post('/', validateRequest({ body: schemas.createPatient }), asyncHandler(controller.create));

/**
 * @openapi
 * /api/patients/{id}:
 *   get:
 *     summary: One patient
 *     security: [{ bearer: [] }]
 *     responses:
 *       200:
 *         description: The patient
 *       404:
 *         description: There is none with this id
 */
router.get('/:id', validateRequest({ params: schemas.patientId }), asyncHandler(controller.show));

router.put(
  '/:id',
  validateRequest({ params: schemas.patientId, body: schemas.updatePatient }),
  asyncHandler(controller.update),
);

router.delete(
  '/:id',
  requireRole('manager'),
  validateRequest({ params: schemas.patientId }),
  asyncHandler(controller.remove),
);

router
  .route('/:id/notes')
  .get(validateRequest({ params: schemas.patientId }), asyncHandler(controller.listNotes))
  .post(validateRequest({ params: schemas.patientId, body: schemas.addNote }), asyncHandler(controller.addNote));

module.exports = router;

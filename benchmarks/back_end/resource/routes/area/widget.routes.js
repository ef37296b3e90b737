const { Router } = require('express');
const asyncHandler = require('../../middleware/asyncHandler');
const validate = require('../../middleware/validate');
const { authorize } = require('../../middleware/authenticate');
const controller = require('../../controllers/area/widget.controller');
const schemas = require('../../validators/area/widget.validator');

const router = Router();
// ---
/**
 * @openapi
 * /api/area/widgetsROUTE_PATH:
 *   ROUTE_METHOD:
 *     summary: actOn of widgets
 */
router.ROUTE_METHOD('ROUTE_PATH', GUARDS, asyncHandler(controller.actOn));
// ---
module.exports = router;

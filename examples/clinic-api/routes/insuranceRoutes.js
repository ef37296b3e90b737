const express = require('express');
const { isValidInsuranceNumber } = require('../insuranceHelper/insuranceNumber');
const { submitClaim, claimStatus } = require('../insuranceHelper/claims');
const response = require('../responseHelper/response');

const router = express.Router();

router.get('/verify/:number', (req, res) => {
  response.ok(res, { valid: isValidInsuranceNumber(req.params.number) });
});

router.post('/claims', async (req, res) => {
  const { invoiceId, insuranceNumber } = req.body;
  if (!isValidInsuranceNumber(insuranceNumber)) {
    console.warn('claim with invalid insurance number', insuranceNumber);
    return response.badRequest(res, 'Invalid insurance number');
  }
  response.ok(res, await submitClaim(invoiceId, insuranceNumber));
});

router.get('/claims/:id', async (req, res) => {
  response.ok(res, await claimStatus(req.params.id));
});

module.exports = router;

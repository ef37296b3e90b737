const { isValidInsuranceNumber } = require('./insuranceNumber');

const claims = new Map();

exports.submitClaim = async (invoiceId, insuranceNumber) => {
  if (!isValidInsuranceNumber(insuranceNumber)) throw new Error('invalid insurance number ' + insuranceNumber);
  const id = String(claims.size + 1);
  claims.set(id, { id, invoiceId, status: 'submitted' });
  return claims.get(id);
};

exports.claimStatus = async (id) => claims.get(id);

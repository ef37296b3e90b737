/** A letter and nine digits. */
exports.isValidInsuranceNumber = (value) => /^[A-Z]\d{9}$/.test(String(value).trim().toUpperCase());

exports.normalisePhone = (value, countryCode = '49') => {
  const digits = String(value).replace(/[^\d+]/g, '');
  if (digits.startsWith('+')) return digits;
  return digits.startsWith('0') ? `+${countryCode}${digits.slice(1)}` : `+${digits}`;
};

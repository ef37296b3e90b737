function formatAddress({ street, postcode, city, country = 'DE' }) {
  const lines = [street, `${postcode} ${city}`];
  if (country !== 'DE') lines.push(country);
  return lines.join('\n');
}

function isPostcode(value) {
  return /^\d{5}$/.test(value);
}

module.exports = { formatAddress, isPostcode };

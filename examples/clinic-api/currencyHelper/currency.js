const RATES = { EUR: 1, CHF: 0.95, USD: 1.08 };

exports.formatAmount = (amount, currency = 'EUR') => {
  const rate = RATES[currency];
  if (!rate) return `${amount} EUR`;
  return `${(amount * rate).toFixed(2)} ${currency}`;
};

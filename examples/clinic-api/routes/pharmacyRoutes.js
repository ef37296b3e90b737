const express = require('express');
const stockHelper = require('../inventoryHelper/stock');
const { dispense } = require('../pharmacyHelper/dispense');

const router = express.Router();

router
  .route('/stock')
  .get((req, res, next) => {
    stockHelper
      .list(req.query.below)
      .then((stock) => res.json(stock))
      .catch(next);
  })
  .post((req, res, next) => {
    stockHelper
      .receive(req.body.item, req.body.quantity)
      .then((id) => res.status(201).json({ id }))
      .catch(next);
  });

router.post('/dispense', async (req, res) => {
  try {
    res.json(await dispense(req.body.prescriptionId, req.body.quantity));
  } catch (err) {
    console.log('dispense error: ' + err.message);
    res.status(409).json({ error: err.message });
  }
});

router.delete('/stock/:id', async (req, res) => {
  await stockHelper.remove(req.params.id);
  res.status(204).end();
});

module.exports = router;

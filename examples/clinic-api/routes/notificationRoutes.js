const express = require('express');
const { sendSms } = require('../smsHelper/sms');
const { sendMail } = require('../emailHelper/mail');

const router = express.Router();

router.post('/sms', async (req, res) => {
  try {
    await sendSms(req.body.phone, req.body.text);
    res.status(202).end();
  } catch (err) {
    console.log(err);
    res.status(502).json({ error: 'Gateway failed' });
  }
});

router.post('/mail', async (req, res) => {
  await sendMail(req.body.to, req.body.subject, req.body.text).catch((err) => console.log(err));
  res.status(202).end();
});

module.exports = router;

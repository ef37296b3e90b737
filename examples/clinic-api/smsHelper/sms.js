const { normalisePhone } = require('../phoneHelper/phone');

exports.sendSms = async (phone, text) => {
  const gateway = process.env.SMS_GATEWAY_URL;
  const number = normalisePhone(phone);
  if (!gateway) {
    console.log('sms to ' + number + ': ' + text);
    return;
  }
  await fetch(gateway, { method: 'POST', body: JSON.stringify({ number, text }) });
};

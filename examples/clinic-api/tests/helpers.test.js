const { test } = require('node:test');
const assert = require('node:assert');
const { ageAt, addMonths } = require('../dateHelper/dates');
const { invoiceTotal } = require('../billingHelper/invoiceTotal');
const { isValidInsuranceNumber } = require('../insuranceHelper/insuranceNumber');

test('age counts birthdays', () => {
  assert.strictEqual(ageAt('2000-06-15', new Date('2024-06-14')), 23);
  assert.strictEqual(ageAt('2000-06-15', new Date('2024-06-15')), 24);
});

test('months are added', () => {
  assert.strictEqual(addMonths('2024-01-15', 3).getMonth(), 3);
});

test('an invoice adds up in cents', () => {
  assert.strictEqual(invoiceTotal([{ price: 0.1, quantity: 3 }], 0), 0.3);
  assert.strictEqual(invoiceTotal([{ price: 10 }], 10), 9);
});

test('insurance numbers have a letter and nine digits', () => {
  assert.ok(isValidInsuranceNumber('a123456789'));
  assert.ok(!isValidInsuranceNumber('123456789'));
});

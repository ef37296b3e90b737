const { test } = require('node:test');
const assert = require('node:assert');
const request = require('supertest');

process.env.NODE_ENV = 'test';
const app = require('../app');

test('GET /health answers without a database', async () => {
  const response = await request(app).get('/health');
  assert.strictEqual(response.status, 200);
  assert.strictEqual(response.body.status, 'ok');
});

test('GET /api-docs.json lists the patient endpoints', async () => {
  const { body } = await request(app).get('/api-docs.json').expect(200);
  assert.ok(body.paths['/api/patients']);
});

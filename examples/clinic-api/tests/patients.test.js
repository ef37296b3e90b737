const { test } = require('node:test');
const assert = require('node:assert');
const request = require('supertest');

process.env.NODE_ENV = 'test';
const app = require('../app');
const { signToken } = require('../tokenHelper/token');

const bearer = `Bearer ${signToken({ id: 1, role: 'reception' })}`;

test('GET /api/patients asks for a token', async () => {
  await request(app).get('/api/patients').expect(401);
});

test('POST /api/patients rejects a body without a name', async () => {
  const response = await request(app)
    .post('/api/patients')
    .set('authorization', bearer)
    .send({ dateOfBirth: '1980-02-30' })
    .expect(400);
  assert.strictEqual(response.body.part, 'body');
});

test('DELETE /api/patients/:id is for managers', async () => {
  await request(app).delete('/api/patients/1').set('authorization', bearer).expect(403);
});

const request = require('supertest');
const app = require('../../app');
const service = require('../../services/area/widget.service');

jest.mock('../../services/area/widget.service');

describe('widgets', () => {
  beforeEach(() => jest.resetAllMocks());
// ---
  it('answers actOn', async () => {
    service.actOnWidget.mockResolvedValue({ id: 7, name: 'first', state: 'open', ownerId: 1 });
    const response = await request(app)
      .ROUTE_METHOD('/api/area/widgetsTEST_PATH')
      .set('authorization', 'Bearer token')
      .send({ name: 'first', state: 'open' });
    expect(response.status).toBeLessThan(500);
  });
// ---
});

const service = require('../../services/area/widget.service');
const model = require('../../models/area/widget.model');

jest.mock('../../models/area/widget.model');

describe('service of widgets', () => {
  const user = { id: 1, roles: ['clerk'] };
// ---
  it('can actOn', async () => {
    model.find.mockResolvedValue({ id: 7, name: 'first', state: 'open', version: 1, ownerId: 1 });
    model.actOn.mockResolvedValue([]);
    await expect(service.actOnWidget({ id: 7, name: 'second' }, user)).resolves.toBeDefined();
    expect(model.actOn).toHaveBeenCalledTimes(1);
  });
// ---
});

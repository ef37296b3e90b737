const service = require('../../services/area/widget.service');
const { presentWidget, presentWidgets } = require('../../helpers/area/widgetFormat');
const logger = require('../../logging/logger');
// ---
async function actOn(req, res) {
  READS
  const result = await service.actOnWidget(ARGUMENTS, req.user);
  logger.info('widget actOn', { id: req.id, user: req.user.id });
  if (Array.isArray(result)) {
    return res.json({ widgets: presentWidgets(result), count: result.length });
  }
  return res.status(STATUS).json({ widget: presentWidget(result) });
}
// ---
async function actOn(req, res, next) {
  try {
    READS
    const result = await service.actOnWidget(ARGUMENTS, req.user);
    const etag = result && result.version ? `"${result.version}"` : undefined;
    if (etag && req.headers['if-none-match'] === etag) {
      return res.status(304).end();
    }
    return res.status(STATUS).json(Array.isArray(result) ? presentWidgets(result) : presentWidget(result));
  } catch (error) {
    logger.error('widget actOn failed', { id: req.id, error });
    return next(error);
  }
}
// ---
const actOn = async (req, res) => {
  READS
  console.log('actOn widget', ARGUMENTS);
  const found = await service.actOnWidget(ARGUMENTS, req.user);
  const shown = Array.isArray(found) ? found.map(presentWidget) : presentWidget(found);
  res.status(STATUS).json({ data: shown, meta: { requestedBy: req.user.id } });
};
// ---
module.exports = { actOn };

const ApplicationError = require('../../errors/ApplicationError');
const model = require('../../models/area/widget.model');
const rules = require('../../helpers/area/widgetRules');
const notifications = require('../../services/area/widgetNotifications');
const { STATES, LIMITS } = require('../../constants/area/widget');
const logger = require('../../logging/logger');
// ---
async function actOnWidget(input, user) {
  const existing = input.id ? await model.find(input.id) : null;
  if (input.id && !existing) {
    throw ApplicationError.notFound('widget', input.id);
  }
  const problems = rules.check({ ...existing, ...input }, user);
  if (problems.length > 0) {
    logger.warn('widget refused', { problems, user: user.id });
    throw ApplicationError.conflict(problems.map((problem) => problem.text).join('; '));
  }
  const changes = {};
  for (const [key, value] of Object.entries(input)) {
    if (existing === null || existing[key] !== value) {
      changes[key] = value;
    }
  }
  const saved = await model.actOn({ ...changes, updatedBy: user.id });
  if (saved && saved.state === STATES.done) {
    await notifications.announce(saved, user);
  }
  return saved;
}
// ---
async function actOnWidget(input, user) {
  const limit = Math.min(Number(input.limit) || LIMITS.page, LIMITS.most);
  const offset = Math.max(Number(input.offset) || 0, 0);
  const rows = await model.actOn({ ...input, limit, offset, owner: user.id });
  const byState = rows.reduce((groups, row) => {
    const group = groups[row.state] || [];
    group.push(row);
    return { ...groups, [row.state]: group };
  }, {});
  switch (input.order) {
    case 'newest':
      rows.sort((a, b) => b.createdAt - a.createdAt);
      break;
    case 'name':
      rows.sort((a, b) => a.name.localeCompare(b.name));
      break;
    default:
      break;
  }
  return input.onlyOpen ? byState[STATES.open] || [] : rows;
}
// ---
async function actOnWidget(input, user) {
  let attempt = 0;
  while (attempt < LIMITS.attempts) {
    attempt += 1;
    try {
      const current = await model.find(input.id);
      const next = rules.advance(current, input, user);
      return await model.actOn({ ...next, version: current.version + 1 });
    } catch (error) {
      if (error.code !== 'ER_LOCK_DEADLOCK') {
        throw error;
      }
      logger.warn('widget locked, trying again', { attempt, id: input.id });
    }
  }
  throw ApplicationError.conflict('the widget is in use');
}
// ---
module.exports = { actOnWidget };

const logger = require('../../logging/logger');
const { formatDay } = require('../../helpers/area/widgetFormat');
const { score } = require('../../helpers/area/widgetRules');

const channels = new Map();

function subscribe(name, send) {
  channels.set(name, send);
  return () => channels.delete(name);
}

async function announce(widget, user) {
  const message = {
    subject: `widget ${widget.name} is ${widget.state}`,
    day: formatDay(new Date()),
    priority: score(widget) > 20 ? 'high' : 'normal',
    by: user.id,
  };
  const results = await Promise.allSettled([...channels.values()].map((send) => send(message)));
  results.forEach((result, index) => {
    if (result.status === 'rejected') {
      logger.error('widget not announced', { channel: [...channels.keys()][index], error: result.reason });
    }
  });
  return results.length;
}

module.exports = { subscribe, announce };

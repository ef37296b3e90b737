const { STATES } = require('../../constants/area/widget');

const pad = (number) => String(number).padStart(2, '0');

function formatDay(date) {
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

function presentWidget(widget) {
  if (!widget) {
    return null;
  }
  const { id, name, state, ownerId, createdAt } = widget;
  return {
    id,
    name,
    state,
    isOpen: state === STATES.open,
    owner: { id: ownerId, href: `/api/users/${ownerId}` },
    created: createdAt ? formatDay(createdAt) : null,
    href: `/api/area/widgets/${id}`,
  };
}

const presentWidgets = (widgets) => widgets.map(presentWidget).filter(Boolean);

module.exports = { formatDay, presentWidget, presentWidgets };

const { STATES, LIMITS } = require('../../constants/area/widget');

const CHECKS = [
  { applies: (widget) => !widget.name, text: 'a widget needs a name' },
  { applies: (widget) => widget.name && widget.name.length > LIMITS.name, text: 'the name is too long' },
  { applies: (widget) => widget.state && !Object.values(STATES).includes(widget.state), text: 'no such state' },
  { applies: (widget, user) => widget.ownerId && widget.ownerId !== user.id, text: 'it belongs to someone else' },
];

const NEXT = { [STATES.open]: STATES.active, [STATES.active]: STATES.done, [STATES.done]: STATES.done };

function check(widget, user) {
  return CHECKS.filter((each) => each.applies(widget, user)).map(({ text }) => ({ text }));
}

function advance(widget, input, user) {
  const state = input.state || NEXT[widget.state] || STATES.open;
  const owner = widget.ownerId || user.id;
  return { ...widget, ...input, state, owner };
}

function score(widget) {
  let points = widget.version || 0;
  if (widget.state === STATES.done) points += 10;
  else if (widget.state === STATES.active) points += 5;
  for (const label of widget.labels || []) {
    points += label.startsWith('urgent') ? 3 : 1;
  }
  return Math.min(points, LIMITS.points);
}

module.exports = { check, advance, score };

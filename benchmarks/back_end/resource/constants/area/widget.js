const STATES = Object.freeze({ open: 'open', active: 'active', done: 'done' });

const LIMITS = Object.freeze({ page: 50, most: 200, attempts: 3, name: 120, points: 100 });

const LABELS = Object.freeze({
// ---
  actOn: { en: 'actOn a widget', de: 'Widget: actOn', fr: 'widget: actOn', icon: 'actOn-outline' },
// ---
});

module.exports = { STATES, LIMITS, LABELS };

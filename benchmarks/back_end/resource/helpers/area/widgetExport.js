const { presentWidget } = require('./widgetFormat');

const COLUMNS = ['id', 'name', 'state', 'created'];

const quote = (value) => {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};

function toCsv(widgets) {
  const lines = [COLUMNS.join(',')];
  for (const widget of widgets) {
    const shown = presentWidget(widget);
    lines.push(COLUMNS.map((column) => quote(shown[column])).join(','));
  }
  return lines.join('\n');
}

function fromCsv(text) {
  const [head, ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const columns = head.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, values[index]]));
  });
}

module.exports = { toCsv, fromCsv };

const quote = (value) => `"${String(value ?? '').replace(/"/g, '""')}"`;

exports.toCsv = (rows) => {
  if (!rows.length) return '';
  const columns = Object.keys(rows[0]);
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((cells) => cells.map(quote).join(','))
    .join('\r\n');
};

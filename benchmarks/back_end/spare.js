function describeRecord(record) {
  const parts = [record.name, record.state].filter((part) => typeof part === 'string' && part !== '');
  return parts.length > 0 ? parts.join(', ') : 'unnamed';
}

function compareRecords(first, second) {
  if (first.state !== second.state) {
    return first.state < second.state ? -1 : 1;
  }
  return describeRecord(first).localeCompare(describeRecord(second));
}

module.exports = { describeRecord, compareRecords };

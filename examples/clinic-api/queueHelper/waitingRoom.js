const waiting = [];

exports.arrive = (patientId) => waiting.push({ patientId, since: Date.now() });
exports.next = () => waiting.shift();
exports.length = () => waiting.length;

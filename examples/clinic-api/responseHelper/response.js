exports.ok = (res, content) => res.json({ success: true, data: content });
exports.badRequest = (res, message) => res.status(400).json({ success: false, message });
exports.notFound = (res) => res.status(404).json({ success: false, message: 'Not found' });

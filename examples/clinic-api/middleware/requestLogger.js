module.exports = function requestLogger(req, res, next) {
  const startedAt = process.hrtime.bigint();
  res.on('finish', () => {
    const milliseconds = Number(process.hrtime.bigint() - startedAt) / 1e6;
    req.log.info('request', { method: req.method, path: req.path, status: res.statusCode, milliseconds });
  });
  next();
};

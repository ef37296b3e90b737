class ApplicationError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  static notFound(what, id) {
    return new ApplicationError(404, 'NOT_FOUND', `${what} ${id} does not exist`);
  }

  static conflict(message) {
    return new ApplicationError(409, 'CONFLICT', message);
  }
}

module.exports = ApplicationError;

class ApplicationError extends Error {
  constructor(message, status = 500) {
    super(message);
    this.status = status;
  }
}

class NotFoundError extends ApplicationError {
  constructor(what) {
    super(`${what} not found`, 404);
  }
}

module.exports = { ApplicationError, NotFoundError };

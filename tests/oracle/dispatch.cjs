'use strict'

const http = require('node:http')

/**
 * Sends a request through Express's own routing with every middleware and handler replaced by one that passes it on.
 *
 * @param {Function} router - root router of an application, or one that no application reaches
 * @param {{app: object, method: string, url: string, isMount: (layer: object) => boolean}} request
 * @returns {Promise<Set<object>>} the layers that would have run, in order
 */
function visitedLayers(router, { app, method, url, isMount }) {
  const visited = new Set()
  const prototype = Object.getPrototypeOf(router.stack[0])
  const name = 'handle_request' in prototype ? 'handle_request' : 'handleRequest'
  const original = prototype[name]
  prototype[name] = function (req, res, next) {
    if (this.route || isMount(this)) return original.call(this, req, res, next)
    if (this.handle.length <= 3) visited.add(this)
    return next()
  }
  return new Promise((resolve, reject) => {
    const req = Object.assign(new http.IncomingMessage(null), { method, url, app })
    const finish = (error) => (error ? reject(error) : resolve())
    // Express answers OPTIONS by itself where no route did
    const res = Object.assign(new http.ServerResponse(req), { set() {}, send: () => finish(), end: () => finish() })
    router.handle(req, res, finish)
  })
    .finally(() => (prototype[name] = original))
    .then(() => visited)
}

module.exports = { visitedLayers }

'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { fileURLToPath } = require('node:url')
const { originalPosition } = require('./typescript.cjs')

/** Tells positions in the fixture's own source from those in packages and in Node itself. */
class Places {
  #root
  #real = new Map()

  constructor(root) {
    this.#root = root
  }

  /** Place of a 1-based position of loaded code, or null when it isn't the fixture's own. */
  of(script, line, column) {
    const own = this.#ownFile(script)
    if (!own) return null
    return {
      file: path.relative(this.#root, own.real).split(path.sep).join('/'),
      ...originalPosition(own.file, line, column),
    }
  }

  /** Place of the nearest call on the stack that stands in the fixture. */
  ofCaller() {
    const { prepareStackTrace, stackTraceLimit } = Error
    Error.prepareStackTrace = (_, sites) => sites
    Error.stackTraceLimit = 60
    const sites = new Error().stack
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
    for (const site of sites) {
      const place = site.getFileName() && this.of(site.getFileName(), site.getLineNumber(), site.getColumnNumber())
      if (place) return place
    }
    return null
  }

  /** Absolute path of a fixture's file. */
  absolute(file) {
    return path.join(this.#root, file)
  }

  #ownFile(script) {
    if (!this.#real.has(script)) this.#real.set(script, this.#resolve(script))
    return this.#real.get(script)
  }

  #resolve(script) {
    const file = script.startsWith('file:') ? fileURLToPath(script) : script
    if (!path.isAbsolute(file) || !fs.existsSync(file)) return null
    const real = fs.realpathSync(file)
    const inside = real.startsWith(this.#root + path.sep) && !real.slice(this.#root.length).includes('node_modules')
    return inside ? { file, real } : null
  }
}

module.exports = { Places }

'use strict'

const fs = require('node:fs')
const Module = require('node:module')
const net = require('node:net')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { Functions } = require('./functions.cjs')
const { Places } = require('./places.cjs')
const { sendProbes } = require('./probes.cjs')
const { Recorder } = require('./record.cjs')
const { Routes } = require('./routes.cjs')
const { Source } = require('./source.cjs')
const typescript = require('./typescript.cjs')

const PATIENCE = 8000

/** One Express that is watched, and the programs that are run with it, one after the other. */
class Session {
  #listen = holdListening()
  #recorder
  #version

  /** @param {string} root - folder whose `node_modules` has the Express */
  constructor(root) {
    const fixture = Module.createRequire(path.join(root, 'package.json'))
    this.#recorder = new Recorder(fixture('express'))
    this.#version = fixture('express/package.json').version
  }

  /** Run a program in its folder, and say what it registered. */
  async run({ root, entry, samples = [], probes = [] }) {
    const recorder = this.#recorder
    const places = new Places(root)
    recorder.begin(places)
    if (typescript.SUFFIXES.includes(path.extname(entry))) typescript.register(root)
    await load(root, entry)
    await idle()
    const answers = probes.length ? await sendProbes(probes, recorder.applications[0].app, this.#listen) : []
    const functions = new Functions(places)
    const routes = new Routes({ recorder, functions, source: new Source(places), given: samples })
    try {
      return {
        express: this.#version,
        applications: recorder.applications.map(({ app, place }) => ({ ...place, mounted: routes.isMounted(app) })),
        endpoints: await routes.list(),
        errorHandlers: routes.errorHandlers(),
        parameters: recorder.parameters.map(({ name, place }) => ({ name, ...place })),
        probes: answers,
      }
    } finally {
      functions.release()
    }
  }
}

/** ES modules are imported as Node would, all else is required. */
async function load(root, entry) {
  const manifest = path.join(root, 'package.json')
  const type = fs.existsSync(manifest) && JSON.parse(fs.readFileSync(manifest, 'utf8')).type
  const isModule = entry.endsWith('.mjs') || (entry.endsWith('.js') && type === 'module')
  if (isModule) await import(pathToFileURL(path.join(root, entry)))
  else Module.createRequire(manifest)(path.join(root, entry))
}

/** Servers say that they listen, and don't. */
function holdListening() {
  const { listen } = net.Server.prototype
  net.Server.prototype.listen = function (...args) {
    const callback = args.findLast((argument) => typeof argument === 'function')
    if (callback) this.once('listening', callback)
    process.nextTick(() => this.emit('listening'))
    return this
  }
  net.Server.prototype.address = () => ({ address: '127.0.0.1', family: 'IPv4', port: 0 })
  return listen
}

/** Resolves when the program has nothing left to do, or after a while when it never ends. */
function idle() {
  return new Promise((resolve) => {
    setTimeout(resolve, PATIENCE).unref()
    process.once('beforeExit', resolve)
  })
}

module.exports = { Session }

'use strict'

// Runs the fixture that `dump.cjs` has staged in the working directory; writes what it registered to descriptor 3.

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

async function main({ entry, samples, probes }) {
  const root = process.cwd()
  const places = new Places(root)
  const fixture = Module.createRequire(path.join(root, 'package.json'))
  const listen = holdListening()
  const recorder = new Recorder(fixture('express'), places)
  if (typescript.SUFFIXES.includes(path.extname(entry))) typescript.register(root)
  await load(fixture, path.join(root, entry), entry)
  await idle()
  const answers = probes.length ? await sendProbes(probes, recorder.applications[0].app, listen) : []
  const routes = new Routes({ recorder, functions: new Functions(places), source: new Source(places), given: samples })
  return {
    express: fixture('express/package.json').version,
    applications: recorder.applications.map(({ app, place }) => ({ ...place, mounted: Boolean(app.parent) })),
    endpoints: await routes.list(),
    errorHandlers: routes.errorHandlers(),
    parameters: recorder.parameters.map(({ name, place }) => ({ name, ...place })),
    probes: answers,
  }
}

/** ES modules are imported as Node would, all else is required. */
async function load(fixture, file, entry) {
  const type = fs.existsSync('package.json') && JSON.parse(fs.readFileSync('package.json', 'utf8')).type
  const isModule = entry.endsWith('.mjs') || (entry.endsWith('.js') && type === 'module')
  if (isModule) await import(pathToFileURL(file))
  else fixture(file)
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

function finish(outcome) {
  fs.writeSync(3, JSON.stringify(outcome))
  process.exit(0)
}

const fail = (error) => finish({ error: String(error?.stack ?? error) })
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
main(JSON.parse(process.argv[2])).then(finish, fail)

'use strict'

// Runs the fixture that `dump.cjs` has staged in the working directory; writes what it registered to descriptor 3.

const fs = require('node:fs')
const Module = require('node:module')
const net = require('node:net')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { Functions } = require('../functions.cjs')
const { Places } = require('../places.cjs')
const { sendProbes } = require('../probes.cjs')
const { Source } = require('../source.cjs')
const typescript = require('../typescript.cjs')

async function run({ framework, entry, samples, probes }) {
  const root = process.cwd()
  const { listen } = net.Server.prototype
  net.Server.prototype.listen = function () {
    return this
  }
  const fixture = Module.createRequire(path.join(root, 'package.json'))
  const places = new Places(root)
  const { Watch } = require(`./${framework}.cjs`)
  const watch = new Watch({ fixture, places, functions: new Functions(places), source: new Source(places), samples })
  if (typescript.SUFFIXES.includes(path.extname(entry))) typescript.register(root)
  if (entry.endsWith('.mjs')) await import(pathToFileURL(path.join(root, entry)))
  else fixture(`./${entry}`)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const answers = probes.length ? await sendProbes(probes, await watch.listener(), listen) : []
  return { endpoints: await watch.rows(), probes: answers }
}

function finish(outcome) {
  fs.writeSync(3, JSON.stringify(outcome))
  process.exit(0)
}

const fail = (error) => finish({ error: String(error?.stack ?? error) })
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
run(JSON.parse(process.argv[2])).then(finish, fail)

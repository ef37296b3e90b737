'use strict'

// Usage: node serve.cjs --express 4|5
//
// Boots one program after the other in one process, which has loaded Express once: a line of JSON for each comes in
// on standard input, {"files": {path: text}, "entry", "environments": [{NAME: value}], "probes"}, a line with its runs
// goes out. What programs print goes to standard error.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { Session } = require('./session.cjs')
const { stage } = require('./stage.cjs')

const BASE = { PATH: process.env.PATH, NODE_ENV: 'test' }

async function main() {
  const { values } = parseArgs({ options: { express: { type: 'string', default: '4' } } })
  const empty = fs.mkdtempSync(path.join(os.tmpdir(), 'oracle-empty-'))
  const root = stage(empty, { express: Number(values.express) })
  fs.rmdirSync(empty)
  process.once('exit', () => fs.rmSync(root, { recursive: true }))
  globalThis.console = new console.Console(process.stderr)
  const session = new Session(root)
  for (const line of lines()) {
    const runs = []
    for (const run of runsOf(JSON.parse(line))) runs.push(await boot(session, path.join(root, 'program'), run))
    fs.writeSync(1, `${JSON.stringify({ runs })}\n`)
  }
}

/** Waits for input without the event loop, which is empty when a program has ended. */
function* lines() {
  const chunk = Buffer.alloc(1 << 16)
  let rest = Buffer.alloc(0)
  for (;;) {
    const length = fs.readSync(0, chunk)
    if (!length) return
    rest = Buffer.concat([rest, chunk.subarray(0, length)])
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.subarray(0, end).toString()
      rest = rest.subarray(end + 1)
    }
  }
}

function runsOf({ files, entry, environments = [{}], probes = [] }) {
  return environments.map((environment) => ({ files, entry, environment, probes }))
}

let count = 0

/** Every run has a folder of its own: modules are loaded once for each path. */
async function boot(session, folder, { files, entry, environment, probes }) {
  const root = `${folder}-${count++}`
  write(root, files)
  process.chdir(root)
  setEnvironment({ ...BASE, TMPDIR: root, ...environment })
  await new Promise(setImmediate) // the event loop has ended with the last program
  try {
    const outcome = await Promise.race([session.run({ root, entry, probes }), failure()])
    return { entry, environment, ...outcome }
  } catch (error) {
    return { entry, environment, error: String(error?.stack ?? error) }
  } finally {
    forget(root)
    process.chdir(path.dirname(root))
    fs.rmSync(root, { recursive: true })
  }
}

function write(root, files) {
  for (const [file, text] of Object.entries(files)) {
    const place = path.join(root, file)
    fs.mkdirSync(path.dirname(place), { recursive: true })
    fs.writeFileSync(place, text)
  }
}

function setEnvironment(environment) {
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, environment)
}

/** Rejects with what a program fails with outside of its loading. */
function failure() {
  process.removeAllListeners('uncaughtException')
  process.removeAllListeners('unhandledRejection')
  return new Promise((_, reject) => {
    process.on('uncaughtException', reject)
    process.on('unhandledRejection', reject)
  })
}

function forget(root) {
  for (const file of Object.keys(require.cache)) if (file.startsWith(root + path.sep)) delete require.cache[file]
}

main()

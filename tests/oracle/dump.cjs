'use strict'

// Usage: node dump.cjs FIXTURE_DIR [--express 4|5] [--entry FILE]
//
// Boots a fixture program under a real Express and prints, as JSON, what its routers hold: a run for each entry and
// environment in fixture.json. Nothing listens on a port. FIXTURE_DIR may hold
//
//   fixture.json   {"entries": ["server.js"], "environments": [{"NODE_ENV": "production"}], "samples": ["/a/path"],
//                   "links": {"@clinic/schemas": "packages/schemas"}, …}, each key optional; all are in fixtures.py
//   probes.json    requests that are really sent: [{"method", "path", "body", "headers", …}]

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { stage } = require('./stage.cjs')

const ENTRIES = ['server.js', 'server.mjs', 'app.js', 'index.js', 'server.ts', 'index.ts']

function dump(fixture, { express, entry }) {
  const settings = readJson(path.join(fixture, 'fixture.json'), {})
  const probes = readJson(path.join(fixture, 'probes.json'), [])
  const entries = entry
    ? [entry]
    : (settings.entries ?? [ENTRIES.find((name) => fs.existsSync(path.join(fixture, name)))])
  const root = stage(fixture, { express, links: settings.links })
  try {
    const runs = entries.flatMap((one) =>
      (settings.environments ?? [{}]).map((environment) => ({ entry: one, environment })),
    )
    return { runs: runs.map((run) => ({ ...run, ...boot(root, { ...run, samples: settings.samples ?? [], probes }) })) }
  } finally {
    fs.rmSync(root, { recursive: true })
  }
}

function boot(root, { entry, environment, samples, probes }) {
  const request = JSON.stringify({ entry, samples, probes })
  const child = spawnSync(process.execPath, ['--preserve-symlinks', path.join(__dirname, 'boot.cjs'), request], {
    cwd: root,
    env: { PATH: process.env.PATH, TMPDIR: root, NODE_ENV: 'test', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 60000,
  })
  const written = child.output?.[3]
  if (!written) return { error: `${entry} ended with ${child.status ?? child.signal}\n${child.stdout}${child.stderr}` }
  return JSON.parse(written)
}

function readJson(file, otherwise) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : otherwise
}

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { express: { type: 'string', default: '4' }, entry: { type: 'string' } },
  })
  const outcome = dump(path.resolve(positionals[0]), { express: Number(values.express), entry: values.entry })
  process.stdout.write(`${JSON.stringify(outcome, null, 1)}\n`)
}

main()

'use strict'

// Usage: node dump.cjs FRAMEWORK FIXTURE_DIR
//
// Boots a fixture program under a real framework and prints, as JSON, what is registered: a run for each entry and
// environment in fixture.json. Nothing listens on a port. FRAMEWORK.cjs beside this file watches the framework.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { stage } = require('../stage.cjs')

function dump(framework, fixture) {
  const settings = readJson(path.join(fixture, 'fixture.json'), {})
  const probes = readJson(path.join(fixture, 'probes.json'), [])
  const [entry] = settings.entries ?? ['app.js', 'app.mjs', 'app.ts'].filter((name) => fs.existsSync(path.join(fixture, name)))
  const root = stage(fixture, { express: 5, links: settings.links })
  try {
    const environments = settings.environments ?? [{}]
    const request = { framework, entry, samples: settings.samples ?? [], probes }
    return { runs: environments.map((environment) => ({ entry, environment, ...boot(root, request, environment) })) }
  } finally {
    fs.rmSync(root, { recursive: true })
  }
}

function boot(root, request, environment) {
  const program = path.join(__dirname, 'boot.cjs')
  const child = spawnSync(process.execPath, ['--preserve-symlinks', program, JSON.stringify(request)], {
    cwd: root,
    env: { PATH: process.env.PATH, TMPDIR: root, NODE_ENV: 'test', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: 60000,
  })
  const written = child.output?.[3]
  if (!written) return { error: `${request.entry} ended with ${child.status ?? child.signal}\n${child.stdout}${child.stderr}` }
  return JSON.parse(written)
}

function readJson(file, otherwise) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : otherwise
}

const [framework, fixture] = process.argv.slice(2)
process.stdout.write(`${JSON.stringify(dump(framework, path.resolve(fixture)), null, 1)}\n`)

'use strict'

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const PACKAGES = path.join(__dirname, 'node_modules')

/** Packages whose version follows Express's, so that every fixture meets both. */
const BY_EXPRESS = {
  4: { express: 'express4', zod: 'zod3' },
  5: { express: 'express5', zod: 'zod4' },
}

/**
 * Copy a fixture into a folder of its own and give it the packages of this one.
 *
 * The packages are linked, and Node is told not to follow links: so `require('express')` means the chosen version
 * for the fixture and for every package in between.
 *
 * @param {string} fixture - folder of the fixture
 * @param {{express: 4|5, links?: Record<string, string>}} options - `links`: workspace packages, name to folder
 * @returns {string} the real path of the copy
 */
function stage(fixture, { express, links = {} }) {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'oracle-')))
  fs.cpSync(fixture, root, { recursive: true, filter: (file) => path.basename(file) !== 'node_modules' })
  const modules = path.join(root, 'node_modules')
  fs.mkdirSync(modules)
  for (const name of fs.readdirSync(PACKAGES)) {
    if (!name.startsWith('.') && !(name in BY_EXPRESS[express]))
      link(path.join(PACKAGES, name), path.join(modules, name))
  }
  for (const [name, installed] of Object.entries(BY_EXPRESS[express])) {
    link(path.join(PACKAGES, installed), path.join(modules, name))
  }
  for (const [name, folder] of Object.entries(links)) link(path.join(root, folder), path.join(modules, name))
  return root
}

function link(target, place) {
  fs.mkdirSync(path.dirname(place), { recursive: true })
  fs.symlinkSync(target, place, 'junction')
}

module.exports = { stage }

'use strict'

// Runs the fixture that `dump.cjs` has staged in the working directory; writes what it registered to descriptor 3.

const fs = require('node:fs')
const { Session } = require('./session.cjs')

function finish(outcome) {
  fs.writeSync(3, JSON.stringify(outcome))
  process.exit(0)
}

const fail = (error) => finish({ error: String(error?.stack ?? error) })
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
new Session(process.cwd()).run({ root: process.cwd(), ...JSON.parse(process.argv[2]) }).then(finish, fail)

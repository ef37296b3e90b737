'use strict'

const http = require('node:http')
const os = require('node:os')
const path = require('node:path')

/**
 * Send real requests to an application, and say what it answered.
 *
 * @param {{method: string, path: string, body?: unknown, headers?: object}[]} probes
 * @param {import('express').Application} app
 * @param {Function} listen - `net.Server.prototype.listen`
 * @returns {Promise<{status: number, body: string}[]>}
 */
async function sendProbes(probes, app, listen) {
  const server = http.createServer(app)
  const socketPath = path.join(os.tmpdir(), `oracle-${process.pid}.sock`)
  await new Promise((resolve) => listen.call(server, socketPath, resolve))
  const answers = []
  for (const probe of probes) answers.push(await send(probe, socketPath))
  await new Promise((resolve) => server.close(resolve))
  return answers
}

function send({ method, path: url, body, headers = {} }, socketPath) {
  const content = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const type =
    content === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }
  return new Promise((resolve, reject) => {
    const options = { method, path: url, socketPath, agent: false, headers: { ...type, ...headers } }
    const request = http.request(options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode, body: text.slice(0, 2000) }))
    })
    request.setTimeout(5000, () => request.destroy(new Error(`${method} ${url} was not answered`)))
    request.on('error', reject)
    request.end(content)
  })
}

module.exports = { sendProbes }

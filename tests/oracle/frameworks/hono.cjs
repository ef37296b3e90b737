'use strict'

const { samples } = require('../samples.cjs')
const { Notes } = require('./notes.cjs')

const VERBS = ['get', 'post', 'put', 'delete', 'options', 'patch', 'all', 'on', 'use']

/** What Hono applications hold while a fixture runs. */
class Watch {
  #notes
  #given
  /** Application → where it is made. */
  #applications = new Map()
  #routed = new Set()
  /** Application → those whose routes were copied into it. */
  #copied = new Map()
  /** View of `basePath()` → the application that it is a view of. */
  #views = new Map()

  constructor({ fixture, samples: given, ...rest }) {
    this.#notes = new Notes(rest)
    this.#given = given
    const watch = this
    for (const name of ['hono', 'hono/tiny', 'hono/quick']) {
      const { Hono, ...others } = fixture(name)
      class Watched extends Hono {
        constructor(...args) {
          super(...args)
          watch.#applications.set(this, watch.#notes.places.ofCaller())
          watch.#wrap(this)
        }
      }
      require.cache[fixture.resolve(name)].exports = { ...others, Hono: Watched }
    }
  }

  /** Listener for real requests to the first application that is routed to no other. */
  async listener() {
    const app = [...this.#applications.keys()].find((one) => !this.#routed.has(one))
    return async (request, response) => {
      const chunks = []
      for await (const chunk of request) chunks.push(chunk)
      const body = chunks.length ? Buffer.concat(chunks) : undefined
      const answer = await app.request(request.url, { method: request.method, headers: request.headers, body })
      response.writeHead(answer.status)
      response.end(await answer.text())
    }
  }

  async rows() {
    const roots = [...this.#applications.keys()].filter((app) => !this.#routed.has(app))
    const reached = new Set(roots.flatMap((app) => [...this.#contents(app)]))
    const rows = []
    for (const [app, place] of this.#applications) {
      const isRoot = roots.includes(app)
      if (!isRoot && reached.has(app)) continue
      for (const draft of this.#drafts(app)) rows.push(await this.#row(app, isRoot ? place : null, draft))
    }
    return rows
  }

  #contents(app) {
    return this.#copied.get(app) ?? new Set()
  }

  #noteOf(handler) {
    return this.#notes.of(handler) ?? this.#notes.of(handler.__COMPOSED_HANDLER)
  }

  /** The methods of an instance are its own: they are made anew with each. */
  #wrap(app) {
    const watch = this
    for (const verb of VERBS) {
      const original = app[verb]
      app[verb] = (...args) => {
        const call = watch.#notes.call(verb, args)
        const scope = verb === 'use' ? 'use' : 'route'
        const mount = typeof args[0] === 'string' ? merged(app._basePath, args[0]) : merged(app._basePath, '*')
        const about = { call, scope, mount: mount === '/*' ? '/' : mount, app: watch.#views.get(app) ?? app }
        const replaced = args.map((value, index) => watch.#replaced(value, { ...about, way: [index] }))
        const result = original(...replaced)
        return result === undefined ? app : result
      }
    }
    const { route, basePath } = app
    app.route = (path, other) => {
      const [to, from] = [app, other].map((one) => watch.#views.get(one) ?? one)
      watch.#routed.add(from)
      watch.#copied.set(to, new Set([...watch.#contents(to), from, ...watch.#contents(from)]))
      return route.call(app, path, other)
    }
    app.basePath = (path) => {
      const view = basePath.call(app, path)
      watch.#views.set(view, watch.#views.get(app) ?? app)
      watch.#wrap(view)
      return view
    }
  }

  #replaced(value, about) {
    if (typeof value !== 'function' || this.#notes.of(value)) return value
    return this.#notes.replaced(value, about, ([, next]) => next())
  }

  /** Records of one registering call and path are one endpoint: its middleware and its handler. */
  #drafts(app) {
    const drafts = new Map()
    for (const record of app.routes) {
      const note = this.#noteOf(record.handler)
      if (note.scope === 'route') {
        const key = [record.method, record.path, this.#numbered(note.call)].join(' ')
        if (!drafts.has(key)) drafts.set(key, { record, own: [] })
        drafts.get(key).own.push(note)
      } else if (note.fn.length < 2 && note.mount !== '/') {
        drafts.set(record, { record, own: [note], kind: 'use' })
      }
    }
    return drafts.values()
  }

  #calls = []

  #numbered(call) {
    if (!this.#calls.includes(call)) this.#calls.push(call)
    return this.#calls.indexOf(call)
  }

  async #row(app, place, { record, own, kind }) {
    const { method, path } = record
    const asked = method === 'ALL' ? 'GET' : method
    const visited = await this.#notes.trace(() => app.request(this.#sample(app, asked, record), { method: asked }))
    const scoped = (note) => (note.scope === 'route' ? note : { ...note, scope: note.app === app && place ? 'application' : 'router' })
    const until = visited.indexOf(own.at(-1))
    const row = this.#notes.row({ method, path, kind, own, application: place, visited, mounted: Boolean(place) })
    const inherited = visited.slice(0, until).filter(({ scope }) => scope === 'use')
    return { ...row, middleware: [...inherited, ...own.slice(0, -1)].map((note) => this.#notes.entry(scoped(note))) }
  }

  #sample(app, method, record) {
    const plain = record.path.replace(/\{[^}]*\}/g, '').replace(/\?$/, '')
    for (const sample of samples(plain, this.#given)) {
      if (app.router.match(method, sample)[0].some(([[, matched]]) => matched === record)) return sample
    }
    throw new Error(`no request path found that ${record.path} matches: name one under "samples" in fixture.json`)
  }
}

/** As Hono puts paths together. */
function merged(base, path) {
  return `${base === '/' ? '' : base}${path === '/' ? '' : `/${path.replace(/^\//, '')}`}` || '/'
}

module.exports = { Watch }

'use strict'

const events = require('node:events')
const http = require('node:http')
const { samples } = require('../samples.cjs')
const { Notes } = require('./notes.cjs')

const VERBS = [...http.METHODS.map((method) => method.toLowerCase()), 'all', 'del']

/** What a Koa application, its @koa/router routers, koa-mount and koa-compose hold while a fixture runs. */
class Watch {
  #notes
  #given
  #compose
  /** Application → where it is made. */
  #applications = new Map()
  #routers = new Set()
  #reached = new Set()
  /** Functions that only lead to others: {prefix, targets}. */
  #leading = new WeakMap()

  constructor({ fixture, samples: given, ...rest }) {
    this.#notes = new Notes(rest)
    this.#given = given
    const Koa = fixture('koa')
    const Router = fixture('@koa/router').default ?? fixture('@koa/router')
    this.#compose = fixture('koa-compose')
    this.#watchApplications(Koa)
    this.#watchRouters(Router)
    this.#watchPackage(fixture, 'koa-mount', (mount) => this.#mounting(mount))
    this.#watchPackage(fixture, 'koa-compose', (compose) => this.#composing(compose))
  }

  /** Listener for real requests to the first application that no other mounts. */
  async listener() {
    const [[app]] = this.#applications
    app.silent = true
    return app.callback()
  }

  async rows() {
    const drafts = []
    const inner = new Set()
    for (const [app] of this.#applications) this.#walk(app.middleware, '', { inner, drafts: [] })
    for (const [app, place] of this.#applications) {
      if (!inner.has(app)) this.#walk(app.middleware, '', { app, place, inner, drafts })
    }
    for (const router of this.#routers) if (!this.#reached.has(router)) this.#layers(router, '', { drafts })
    const rows = []
    for (const draft of drafts) rows.push(await this.#row(draft))
    return rows
  }

  #watchApplications(Koa) {
    const { init } = events
    const applications = this.#applications
    const { places } = this.#notes
    events.init = function (...args) {
      if (this instanceof Koa) applications.set(this, places.ofCaller())
      return init.apply(this, args)
    }
    const { use } = Koa.prototype
    const watch = this
    Koa.prototype.use = function (fn, ...others) {
      const call = watch.#notes.call('use', [fn, ...others])
      return use.call(this, watch.#replaced(fn, { call, way: [0], scope: 'application' }))
    }
  }

  #watchRouters(Router) {
    const watch = this
    const { use, register } = Router.prototype
    Router.prototype.use = function (...args) {
      watch.#routers.add(this)
      const call = watch.#notes.call('use', args)
      const hasPath = typeof args[0] !== 'function'
      for (const path of hasPath ? [args[0]].flat() : [undefined]) {
        const given = args.slice(hasPath ? 1 : 0).map((fn, index) => {
          if (fn.router) watch.#reached.add(fn.router)
          return watch.#replaced(fn, { call, way: [index + (hasPath ? 1 : 0)], scope: 'router', mount: path ?? '/' })
        })
        use.call(this, ...(hasPath ? [path] : []), ...given)
      }
      return this
    }
    for (const verb of VERBS) {
      const original = Router.prototype[verb]
      Router.prototype[verb] = function (...args) {
        watch.#routers.add(this)
        const call = watch.#notes.call(verb, args)
        return original.apply(this, args.map((value, index) => watch.#handler(value, call, [index])))
      }
    }
    Router.prototype.register = function (path, methods, middleware, options) {
      watch.#routers.add(this)
      const call = watch.#notes.call('register', [path, methods, middleware])
      const replaced = [middleware].flat().map((fn) => (watch.#notes.of(fn) || watch.#leading.has(fn) ? fn : watch.#handler(fn, call, null)))
      return register.call(this, path, methods, replaced, options)
    }
    const { param } = Router.prototype
    Router.prototype.param = function (name, fn) {
      return param.call(this, name, (value, ctx, next) => (watch.#notes.isTracing ? next() : fn(value, ctx, next)))
    }
  }

  #handler(value, call, way) {
    return typeof value === 'function' ? this.#replaced(value, { call, way, scope: 'route' }) : value
  }

  #watchPackage(fixture, name, wrapped) {
    const file = fixture.resolve(name)
    const original = fixture(name)
    require.cache[file].exports = wrapped(original)
  }

  #mounting(mount) {
    return (...args) => {
      const index = args.length - 1
      const call = this.#notes.call('mount', args)
      const target = args[index]
      const prefix = index ? args[0] : '/'
      const about = { call, way: [index], scope: 'router', mount: prefix }
      const inside = typeof target === 'function' ? this.#replaced(target, about) : target
      const made = mount(...args.slice(0, index), inside)
      this.#leading.set(made, { prefix: prefix === '/' ? '' : prefix, targets: [inside] })
      return made
    }
  }

  #composing(compose) {
    return (functions) => {
      const made = compose(functions)
      this.#leading.set(made, { prefix: '', targets: functions.flat(Infinity), isComposed: true })
      return made
    }
  }

  /** What is registered in place of a function: what only leads to others stays, or its parts are replaced. */
  #replaced(fn, about) {
    if (fn.router) return fn
    const leading = this.#leading.get(fn)
    if (!leading) return this.#notes.replaced(fn, about, ([, next]) => next())
    if (!leading.isComposed) return fn
    const targets = leading.targets.map((target) => this.#replaced(target, { ...about, way: null }))
    const made = this.#compose(targets)
    this.#leading.set(made, { prefix: '', targets })
    return made
  }

  #walk(functions, prefix, context) {
    for (const fn of functions) {
      const leading = this.#leading.get(fn)
      if (fn.router) this.#layers(fn.router, prefix, context)
      else if (fn.middleware) this.#inside(fn, prefix, context)
      else if (leading) this.#walk(leading.targets, prefix + leading.prefix, context)
      else this.#answer(this.#notes.of(fn), prefix, context)
    }
  }

  #inside(app, prefix, context) {
    context.inner.add(app)
    this.#walk(app.middleware, prefix, context)
  }

  /** A mounted function that does not take `next` is an endpoint in fact. */
  #answer(note, prefix, context) {
    if (!prefix || note.call.verb !== 'mount' || note.fn.length > 1) return
    context.drafts.push({ ...context, method: 'ALL', kind: 'use', path: prefix, own: [note] })
  }

  #layers(router, prefix, context) {
    this.#reached.add(router)
    for (const layer of router.stack) {
      if (!layer.methods.length) continue
      const own = this.#ownOf(layer.stack)
      for (const method of methodsOf(layer)) {
        context.drafts.push({ ...context, router, method, path: prefix + layer.path, prefix, layer, own })
      }
    }
  }

  #ownOf(functions) {
    return functions.flatMap((fn) => {
      if (fn.param) return []
      return this.#leading.has(fn) ? this.#ownOf(this.#leading.get(fn).targets) : [this.#notes.of(fn)]
    })
  }

  async #row({ app, place, router, layer, prefix, method, path, kind, own }) {
    const visited = await this.#notes.trace(async () => {
      const url = layer ? prefix + this.#sample(layer) : path
      const request = Object.assign(new http.IncomingMessage(null), { method: method === 'ALL' ? 'GET' : method, url })
      const root = app ?? new (this.#applications.keys().next().value.constructor)()
      const context = root.createContext(request, new http.ServerResponse(request))
      await (app ? this.#compose(app.middleware) : router.routes())(context, async () => {})
    })
    return this.#notes.row({ method, path, kind, own, application: place, visited, mounted: Boolean(app) })
  }

  #sample(layer) {
    for (const sample of samples(layer.path, this.#given)) if (layer.regexp.test(sample)) return sample
    throw new Error(`no request path found that ${layer.path} matches: name one under "samples" in fixture.json`)
  }
}

/** Methods of a route; every method there is is `all()`, and GET brings HEAD along. */
function methodsOf({ methods }) {
  if (methods.length > http.METHODS.length / 2) return ['ALL']
  return methods.filter((method, index) => method !== 'HEAD' || !methods.includes('GET'))
}

module.exports = { Watch }

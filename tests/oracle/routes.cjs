'use strict'

const { visitedLayers } = require('./dispatch.cjs')
const { samples } = require('./samples.cjs')

/**
 * Lists what the recorded applications answer, by walking their own layers.
 *
 * Each composed path is proved, and its middleware found, by sending a request through Express's own routing.
 */
class Routes {
  #recorder
  #functions
  #source
  #given
  #reached = new Set()

  constructor({ recorder, functions, source, given = [] }) {
    this.#recorder = recorder
    this.#functions = functions
    this.#source = source
    this.#given = given
    for (const router of recorder.routers) router.params = {} // app.param() would run
  }

  /** Rows of every application that isn't mounted in another, then of routers that no application reaches. */
  async list() {
    const drafts = []
    for (const { app, place } of this.#recorder.applications) {
      if (!this.isMounted(app) && routerOf(app)) drafts.push(...this.#drafts(routerOf(app), { app, place }))
    }
    for (const router of this.#unmounted()) drafts.push(...this.#drafts(router, { app: null, place: null }))
    const rows = []
    for (const draft of drafts) rows.push(await this.#row(draft))
    return rows
  }

  /** Whether an application is mounted in another, perhaps by way of a router. */
  isMounted(app) {
    return Boolean(app.parent) || this.#inner().includes(routerOf(app))
  }

  /** Error handlers of everything that was walked: outside of every chain. */
  errorHandlers() {
    return [...this.#reached].flatMap((router) =>
      router.stack.filter((layer) => !layer.route && layer.handle.length > 3).map((layer) => this.#entry(layer, {})),
    )
  }

  /** Routers that neither an application nor another router reaches. */
  #unmounted() {
    const inner = this.#inner()
    return [...this.#recorder.routers].filter((router) => !this.#reached.has(router) && !inner.includes(router))
  }

  /** Routers that are mounted on others. */
  #inner() {
    const mounted = [...this.#recorder.routers].flatMap((router) => router.stack.map((layer) => this.#mountedOn(layer)))
    return mounted.filter(Boolean)
  }

  #drafts(router, { app, place }) {
    const drafts = []
    this.#walk(
      router,
      { root: router, app, place, prefix: '', levels: [], scope: app ? 'application' : 'router' },
      drafts,
    )
    return drafts
  }

  #walk(router, context, drafts) {
    this.#reached.add(router)
    router.stack.forEach((layer, position) => {
      const level = { router, position, scope: context.scope }
      const below = this.#mountedOn(layer)
      if (layer.route) this.#addRoute(layer, { ...context, level }, drafts)
      else if (below) this.#descend(layer, below, { ...context, level }, drafts)
      else this.#addAnswer(layer, { ...context, level }, drafts)
    })
  }

  #descend(layer, below, context, drafts) {
    const { path, target } = this.#recorder.layers.get(layer)
    for (const one of flat(path)) {
      const scope = target.set ? 'application' : 'router'
      this.#walk(below, { ...this.#below(context, layer, one), scope }, drafts)
    }
  }

  /** The context one path further down. */
  #below(context, layer, path) {
    const level = { ...context.level, sample: this.#sample(layer, path) }
    return { ...context, prefix: join(context.prefix, path), levels: [...context.levels, level] }
  }

  #addRoute(layer, context, drafts) {
    const { route } = layer
    const calls = new Set(route.stack.map((part) => this.#callOf(part)))
    for (const path of flat(route.path)) {
      const below = this.#below(context, layer, path)
      for (const call of calls) drafts.push({ ...below, call, kind: 'route', ...this.#functionsOf(route, call) })
    }
  }

  /** Method of a registration, and the functions that run for it: its own, and those put on the same route before. */
  #functionsOf({ stack }, call) {
    // app.all() leaves a layer for each method there is
    const isOne = (part) =>
      this.#callOf(part) === call && (call.verb !== 'all' || [undefined, 'get'].includes(part.method))
    const first = stack.find(isOne)
    const method = call.verb === 'all' ? undefined : first.method
    const running = stack.filter((part) => part.handle.length <= 3 && [undefined, first.method].includes(part.method))
    const last = running.findLastIndex(isOne)
    return { method: method?.toUpperCase() ?? 'ALL', own: running.slice(0, last), handler: running[last] }
  }

  /** A function under `use(path, …)` that never passes control on is an endpoint in fact. */
  #addAnswer(layer, context, drafts) {
    const note = this.#recorder.layers.get(layer)
    if (!note || layer.handle.length > 3 || !this.#functions.answers(note.target)) return
    for (const path of flat(note.path).filter((one) => one !== '/')) {
      const below = this.#below(context, layer, path)
      drafts.push({ ...below, call: note.call, kind: 'use', method: 'ALL', own: [], handler: layer })
    }
  }

  async #row({ root, app, place, prefix, levels, call, kind, method, own, handler }) {
    const url = levels.map(({ sample }) => withoutSlash(sample)).join('') || '/'
    const request = { app: app ?? this.#recorder.applications[0]?.app, method: method === 'ALL' ? 'GET' : method, url }
    const visited = await visitedLayers(root, { ...request, isMount: (layer) => Boolean(this.#mountedOn(layer)) })
    const inherited = levels.flatMap(({ router, position, scope }) =>
      router.stack
        .slice(0, position)
        .filter((layer) => !layer.route && visited.has(layer) && this.#recorder.layers.has(layer))
        .map((layer) => this.#entry(layer, { scope })),
    )
    return {
      ...this.#identity(method, prefix),
      kind,
      mounted: Boolean(app),
      application: place ? `${place.file}:${place.line}` : null,
      file: call.place?.file ?? null,
      line: call.place?.line ?? null,
      middleware: [...inherited, ...own.map((layer) => this.#entry(layer, { scope: 'route' }))],
      handler: this.#worker(handler),
      reached: visited.has(handler) && own.every((layer) => visited.has(layer)),
      url,
    }
  }

  /** express-ws registers a GET under a path of its own making. */
  #identity(method, path) {
    const suffix = '/.websocket'
    return path.endsWith(suffix) ? { method: 'WS', path: path.slice(0, -suffix.length) || '/' } : { method, path }
  }

  #entry(layer, extra) {
    const { call, path, target } = this.#recorder.layers.get(layer)
    const { name, line } = this.#written(layer)
    const mount = path === undefined ? '/' : flat(path).map(String).join(' | ')
    const place = { file: call.place?.file ?? null, line: extra.scope === 'route' ? line : (call.place?.line ?? null) }
    return { name, ...place, mount, function: this.#functions.identity(target), ...extra }
  }

  #worker(layer) {
    const { place, isWrapped, reason } = this.#functions.worker(this.#recorder.layers.get(layer).target)
    const { name, wrapped } = this.#written(layer)
    return {
      name: isWrapped ? wrapped : name,
      file: place?.file ?? null,
      line: place?.line ?? null,
      reason: reason ?? null,
    }
  }

  #written(layer) {
    const { call, index } = this.#recorder.layers.get(layer)
    return this.#source.argument(call, call.functions[index]?.way ?? [])
  }

  #callOf(layer) {
    return this.#recorder.layers.get(layer).call
  }

  #sample(layer, path) {
    for (const sample of samples(path, this.#given)) {
      if (layer.route ? layer.match(sample) : matchedPath(layer, sample) === withoutSlash(sample)) return sample
    }
    throw new Error(`no request path found that ${path} matches: name one under "samples" in fixture.json`)
  }

  /** The router below a layer, that of a sub-application included. */
  #mountedOn(layer) {
    const target = this.#recorder.layers.get(layer)?.target
    if (!target || layer.route) return null
    if (target.handle && target.set) return routerOf(target)
    return Array.isArray(target.stack) ? target : null
  }
}

/** Express 4 makes it lazily, Express 5 behind a getter. */
function routerOf(app) {
  return app.lazyrouter ? app._router : app.router
}

function matchedPath(layer, sample) {
  const match = layer.match(sample)
  return match && withoutSlash(match.path ?? layer.path)
}

function withoutSlash(path) {
  return path.replace(/\/$/, '')
}

function flat(path) {
  return Array.isArray(path) ? path.flat(Infinity) : [path]
}

function join(prefix, path) {
  return `${prefix}/${path}`.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')
}

module.exports = { Routes }

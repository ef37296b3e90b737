'use strict'

/**
 * Functions that a program registers, each replaced by one that can tell that it was called.
 *
 * While a request is traced nothing of the program runs: each function only passes on. So the framework itself says
 * which of them it calls for a request, and in which order.
 */
class Notes {
  isTracing = false
  visited = []
  #noted = new WeakMap()

  constructor({ places, functions, source }) {
    this.places = places
    this.functions = functions
    this.source = source
  }

  /** A registering call that stands in the fixture. */
  call(verb, args) {
    return { place: this.places.ofCaller(), verb, args }
  }

  /**
   * What is registered in place of a function.
   *
   * @param {Function} fn
   * @param {object} about - `call`: the registering one; `way` to the function among its arguments; `scope`; `mount`
   * @param {(args: unknown[]) => unknown} pass - how a function of this framework passes on
   */
  replaced(fn, about, pass) {
    const note = { fn, mount: '/', ...about }
    const notes = this
    const probe = function (...args) {
      if (!notes.isTracing) return fn.apply(this, args)
      notes.visited.push(note)
      return pass(args)
    }
    this.#noted.set(probe, note)
    return probe
  }

  of(probe) {
    return this.#noted.get(probe)
  }

  /** The notes of functions that are called while something runs, in order. */
  async trace(run) {
    this.isTracing = true
    this.visited = []
    try {
      await run()
    } finally {
      this.isTracing = false
    }
    return this.visited
  }

  /** A row for an endpoint whose last note is the handler's. */
  row({ method, path, kind = 'route', own, application, visited, mounted = true }) {
    const handler = own.at(-1)
    const until = visited.indexOf(handler)
    const inherited = visited.slice(0, until < 0 ? 0 : until).filter(({ scope }) => scope !== 'route')
    const place = this.functions.place(handler.fn)
    return {
      method,
      path,
      kind,
      mounted,
      application: application ? `${application.file}:${application.line}` : null,
      file: handler.call.place?.file ?? null,
      line: handler.call.place?.line ?? null,
      middleware: [...inherited, ...own.slice(0, -1)].map((note) => this.entry(note)),
      handler: { name: this.#written(handler).name, file: place?.file ?? null, line: place?.line ?? null },
      reached: until >= 0 && own.every((note) => visited.includes(note)),
    }
  }

  /** A middleware of a row. */
  entry(note) {
    const { call, scope, mount } = note
    const { name, line } = this.#written(note)
    return { name, file: call.place?.file ?? null, line: scope === 'route' ? line : (call.place?.line ?? null), scope, mount }
  }

  #written({ call, way }) {
    return way ? this.source.argument(call, way) : { name: null, line: null }
  }
}

module.exports = { Notes }

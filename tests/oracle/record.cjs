'use strict'

const http = require('node:http')

/**
 * What an Express registered while a fixture ran.
 *
 * Wraps the methods of applications, routers and routes. The call that stands in the fixture counts, whatever it calls
 * inside of Express; each layer that it leaves behind is bound to it.
 */
class Recorder {
  /** Applications in the order of their creation: {app, place}. */
  applications = []
  /** Every router on which something was registered. */
  routers = new Set()
  /** `app.param` and `router.param`: {name, fn, place}. */
  parameters = []
  /** Layer → {call, index, path, target}: the call that made it, and which of its functions it runs. */
  layers = new WeakMap()

  #places
  #running = []
  #isSettingUp = false

  constructor(express) {
    const verbs = [...http.METHODS.map((method) => method.toLowerCase()), 'all']
    this.#watchApplications(express.application, verbs)
    const router = Object.hasOwn(express.Router, 'use') ? express.Router : express.Router.prototype
    this.#watchRouters(router, verbs)
    for (const verb of verbs) this.#wrap(express.Route.prototype, verb, this.#registerOnRoute)
  }

  /** Forget what was registered before; a program that stands elsewhere begins. */
  begin(places) {
    this.#places = places
    this.applications = []
    this.routers = new Set()
    this.parameters = []
  }

  #watchApplications(application, verbs) {
    const recorder = this
    const { init } = application
    application.init = function (...args) {
      recorder.applications.push({ app: this, place: recorder.#places.ofCaller() })
      return init.apply(this, args)
    }
    for (const verb of [...verbs, 'use', 'route', 'param']) {
      this.#wrap(application, verb, (app, call, args, run) => run())
    }
    this.#wrapLazyRouter(application)
  }

  /** Express 4 makes an application's router at its first use, with two layers of its own. */
  #wrapLazyRouter(application) {
    const { lazyrouter } = application
    if (!lazyrouter) return
    const recorder = this
    application.lazyrouter = function () {
      recorder.#isSettingUp = true
      lazyrouter.call(this)
      recorder.#isSettingUp = false
    }
  }

  #watchRouters(router, verbs) {
    const note = (self, call, args, run) => {
      this.routers.add(self)
      return run()
    }
    for (const verb of verbs) this.#wrap(router, verb, note)
    this.#wrap(router, 'route', note)
    this.#wrap(router, 'use', this.#registerUse)
    this.#wrap(router, 'param', (self, call, [name, fn], run) => {
      this.routers.add(self)
      this.parameters.push({ name, fn, place: call.place })
      return run()
    })
  }

  #wrap(owner, verb, register) {
    const original = owner[verb]
    if (!original) return
    const recorder = this
    owner[verb] = function (...args) {
      // app.get('setting') reads a setting
      if (verb === 'get' && args.length === 1 && owner.set) return original.apply(this, args)
      const call = recorder.#enter(verb, args)
      try {
        return register.call(recorder, this, call, args, () => original.apply(this, args))
      } finally {
        recorder.#running.pop()
      }
    }
  }

  /** The outermost call at the same place in the fixture. */
  #enter(verb, args) {
    const place = this.#places.ofCaller()
    const outer = this.#running.at(-1)
    const isInner = outer && JSON.stringify(outer.place) === JSON.stringify(place)
    const call = isInner ? outer : { place, verb, args, functions: flatFunctions(args), used: 0 }
    this.#running.push(call)
    return call
  }

  #registerUse(router, call, args, run) {
    this.routers.add(router)
    const before = router.stack.length
    const result = run()
    const path = isPath(args[0]) ? args[0] : '/'
    for (const layer of router.stack.slice(before)) {
      if (this.#isSettingUp) continue
      const index = call.used++
      this.layers.set(layer, { call, index, path, target: call.functions[index]?.fn ?? layer.handle })
    }
    return result
  }

  #registerOnRoute(route, call, args, run) {
    const before = route.stack.length
    const result = run()
    route.stack.slice(before).forEach((layer, index) => this.layers.set(layer, { call, index, target: layer.handle }))
    return result
  }
}

/** Express takes a first argument for a path unless it is a function or begins with one. */
function isPath(argument) {
  let first = argument
  while (Array.isArray(first) && first.length) first = first[0]
  return typeof first !== 'function'
}

/** Functions among a call's arguments in the order in which Express takes them, each with the way to it. */
function flatFunctions(args) {
  const found = []
  const visit = (value, way) => {
    if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...way, index]))
    else if (typeof value === 'function') found.push({ fn: value, way })
  }
  args.forEach((value, index) => visit(value, [index]))
  return found
}

module.exports = { Recorder, isPath }

'use strict'

const inspector = require('node:inspector')
const { parse } = require('@babel/parser')
const { walk } = require('./syntax.cjs')

const GROUP = 'oracle'

/** Asks V8 where a function was written, what it closes over, and what it merely passes a request on to. */
class Functions {
  static #session = null
  static #scripts = new Map()
  #trees = new Map()
  #places

  constructor(places) {
    this.#places = places
    if (!Functions.#session) this.#connect()
  }

  /** V8 tells of all scripts, once: a second session would be told of each again. */
  #connect() {
    const session = (Functions.#session = new inspector.Session())
    session.connect()
    session.on('Debugger.scriptParsed', ({ params }) => Functions.#scripts.set(params.scriptId, params.url))
    this.#post('Debugger.enable')
    globalThis.__oracle = { value: undefined }
  }

  /** Let V8 forget what it was asked about. */
  release() {
    globalThis.__oracle.value = undefined
    this.#post('Runtime.releaseObjectGroup', { objectGroup: GROUP })
  }

  /** Place of a function's own source; null when it is a package's. */
  place(fn) {
    return this.#placeOf(this.#inspect(fn))
  }

  /**
   * The function that does the work: what a handler, and what that in turn, does nothing but pass the request on to.
   *
   * @returns {{place: object|null, isWrapped: boolean, reason?: string}}
   */
  worker(fn) {
    let current = this.#inspect(fn)
    const first = current.location
    for (let depth = 0; depth < 20; depth++) {
      const callee = this.#delegation(current)
      if (!callee) break
      const next = this.#evaluate(callee, current)
      if (!next) {
        const reason = `what ${this.#describe(current)} passes the request on to can't be told at run time`
        return { place: null, isWrapped: true, reason }
      }
      current = next
    }
    return { place: this.#placeOf(current), isWrapped: current.location !== first }
  }

  /** Whether a middleware can't pass control on, other than with an error, and neither can what it passes it on to. */
  answers(fn) {
    let current = this.#inspect(fn)
    for (let depth = 0; depth < 20; depth++) {
      const node = this.#node(current)
      if (!node) return false
      const call = delegation(node)
      if (passesOn(node, call)) return false
      if (!call) return true
      current = this.#evaluate(calleeOf(call), current)
      if (!current) return false
    }
    return false
  }

  /** What tells a function from others, in every run: where V8 has it. */
  identity(fn) {
    const { location } = this.#inspect(fn)
    const file = this.#placeOf({ location })?.file ?? Functions.#scripts.get(location?.scriptId)
    return file ? `${file}:${location.lineNumber}:${location.columnNumber}` : null
  }

  #post(method, params) {
    let outcome
    Functions.#session.post(method, params, (error, result) => {
      if (error) throw new Error(`${method}: ${error.message}`)
      outcome = result
    })
    return outcome
  }

  #inspect(fn) {
    globalThis.__oracle.value = fn
    const { result } = this.#post('Runtime.evaluate', {
      expression: 'globalThis.__oracle.value',
      objectGroup: GROUP,
    })
    return this.#inspectRemote(result)
  }

  /** Follows `bind` to its target. */
  #inspectRemote({ objectId }) {
    const { internalProperties } = this.#post('Runtime.getProperties', { objectId, ownProperties: true })
    const internal = Object.fromEntries(internalProperties.map(({ name, value }) => [name, value]))
    if (internal['[[TargetFunction]]']) return this.#inspectRemote(internal['[[TargetFunction]]'])
    return { location: internal['[[FunctionLocation]]']?.value, scopes: internal['[[Scopes]]'] }
  }

  #placeOf({ location }) {
    const url = location && Functions.#scripts.get(location.scriptId)
    return url ? this.#places.of(url, location.lineNumber + 1, location.columnNumber + 1) : null
  }

  #describe(inspected) {
    const place = this.#placeOf(inspected)
    return place ? `${place.file}:${place.line}` : 'a package'
  }

  /** Syntax of a function as V8 read it. */
  #node({ location }) {
    if (!location) return null
    const { scriptId, lineNumber, columnNumber } = location
    if (!this.#trees.has(scriptId)) this.#trees.set(scriptId, functionsOf(this.#source(scriptId)))
    return this.#trees.get(scriptId).find((node) => surrounds(node, lineNumber + 1, columnNumber)) ?? null
  }

  #source(scriptId) {
    return this.#post('Debugger.getScriptSource', { scriptId }).scriptSource
  }

  /** The callee to which a function passes its request and response, when it uses them for nothing else. */
  #delegation(inspected) {
    const node = this.#node(inspected)
    const call = node && delegation(node)
    return call && calleeOf(call)
  }

  #evaluate(callee, { scopes }) {
    if (callee.type === 'Identifier') return this.#asFunction(this.#variable(callee.name, scopes))
    return this.#asFunction(this.#member(callee, scopes))
  }

  #asFunction(remote) {
    return remote?.type === 'function' ? this.#inspectRemote(remote) : null
  }

  #member(node, scopes) {
    if (node.type === 'Identifier') return this.#variable(node.name, scopes)
    if (node.type !== 'MemberExpression' || node.computed) return null
    const object = this.#member(node.object, scopes)
    if (!object?.objectId) return null
    return this.#post('Runtime.callFunctionOn', {
      objectId: object.objectId,
      functionDeclaration: 'function (name) { return this[name] }',
      arguments: [{ value: node.property.name }],
    }).result
  }

  #variable(name, scopes) {
    const list = this.#post('Runtime.getProperties', { objectId: scopes.objectId, ownProperties: true }).result
    for (const { value } of list) {
      if (!value?.objectId) continue
      const { result } = this.#post('Runtime.getProperties', { objectId: value.objectId, ownProperties: true })
      const found = result.find((variable) => variable.name === name)
      if (found) return found.value
    }
    return null
  }
}

function functionsOf(source) {
  const tree = parse(source, { sourceType: 'unambiguous', errorRecovery: true, allowReturnOutsideFunction: true })
  const found = []
  walk(tree.program, (node) => {
    if (node.body && node.params) found.push(node)
  })
  return found.reverse()
}

/** V8 places a function at its parameters: between its first character and its body. */
function surrounds({ loc, body }, line, column) {
  const from = loc.start.line < line || (loc.start.line === line && loc.start.column <= column)
  return from && (line < body.loc.start.line || (line === body.loc.start.line && column <= body.loc.start.column))
}

/** The call by which a function does nothing but pass its request and response on. */
function delegation(node) {
  const [first, second] = node.params
  if (!first) return null
  const calls = []
  walk(node.body, (call) => {
    if (call.type !== 'CallExpression') return
    const passed = first.type === 'RestElement' ? passesAll(call, first.argument.name) : passesBoth(call, first, second)
    if (passed) calls.push(call)
  })
  if (calls.length !== 1) return null
  return usesElsewhere(node, first, second) ? null : calls[0]
}

function passesBoth({ arguments: args }, first, second) {
  if (first.type !== 'Identifier' || second?.type !== 'Identifier') return false
  const start = args.findIndex((argument) => argument.name === first.name)
  return start >= 0 && start <= 1 && args[start + 1]?.name === second.name
}

function passesAll({ arguments: args }, name) {
  return args.some((argument) => argument.type === 'SpreadElement' && argument.argument.name === name)
}

/** A request that is read here, or a response that is written here, is work. */
function usesElsewhere(node, first, second) {
  if (first.type === 'RestElement') return false
  let count = 0
  walk(node.body, (found) => {
    if (found.type === 'Identifier' && (found.name === first.name || found.name === second.name)) count++
  })
  return count > 2
}

function calleeOf({ callee }) {
  const plain = callee.type === 'SequenceExpression' ? callee.expressions.at(-1) : callee
  const isCall = plain.type === 'MemberExpression' && ['call', 'apply'].includes(plain.property.name)
  return isCall ? plain.object : plain
}

/** Whether a function does more with `next` than to call it with an error, to catch with it, and to delegate it. */
function passesOn({ params, body }, delegated) {
  const rest = params.find((param) => param.type === 'RestElement')
  if (rest) return !delegated
  const name = params[2]?.name ?? 'arguments'
  const harmless = new Set(delegated?.arguments)
  let found = false
  walk(body, (node) => {
    if (node.type === 'CallExpression' && isFailure(node, name)) harmless.add(node.callee)
    if (node.type === 'CallExpression' && node.callee.property?.name === 'catch') harmless.add(node.arguments[0])
    found ||= node.type === 'Identifier' && node.name === name && !harmless.has(node)
  })
  return found
}

/** `next(error)` */
function isFailure({ callee, arguments: args }, name) {
  return callee.name === name && args.length === 1 && !['route', 'router'].includes(args[0].value)
}

module.exports = { Functions }

'use strict'

const fs = require('node:fs')
const { parse } = require('@babel/parser')
const { walk } = require('./syntax.cjs')

const FUNCTIONS = ['FunctionExpression', 'ArrowFunctionExpression']
const TRANSPARENT = [
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
  'AwaitExpression',
]

/** Reads in a fixture's source how the functions handed to a call are written. */
class Source {
  #places
  #files = new Map()

  constructor(places) {
    this.#places = places
  }

  /**
   * Expression, without its arguments, and line of the function at `way` among the arguments of a recorded call.
   *
   * @returns {{name: string|null, line: number|null, wrapped: string|null}} nulls where source and arguments can't be
   * matched; `wrapped` is what a call such as `asyncHandler(controller.list)` wraps
   */
  argument({ place, verb, args }, way) {
    const unknown = { name: null, line: null, wrapped: null }
    if (!place) return unknown
    const { calls, arrays } = this.#read(place.file)
    const written = findCall(calls, place, verb)
    if (!written) return unknown
    const node = follow(align(written.args, args, arrays), args, way, arrays)
    return node ? { name: expression(node), line: node.loc.start.line, wrapped: expression(unwrap(node)) } : unknown
  }

  #read(file) {
    if (!this.#files.has(file))
      this.#files.set(file, readCalls(fs.readFileSync(this.#places.absolute(file), 'utf8'), file))
    return this.#files.get(file)
  }
}

/** Method calls, each placed at the method's name, and array literals by the variable that holds them. */
function readCalls(text, file) {
  const typed = /\.[cm]?tsx?$/.test(file)
  const tree = parse(text, {
    sourceType: 'unambiguous',
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    plugins: typed ? ['typescript', 'decorators-legacy'] : ['jsx'],
  })
  const calls = []
  const arrays = new Map()
  walk(tree.program, (node) => {
    if (/^(Optional)?CallExpression$/.test(node.type)) addCall(calls, node)
    if (node.type === 'VariableDeclarator' && node.init?.type === 'ArrayExpression') {
      arrays.set(node.id.name, arrays.has(node.id.name) ? null : node.init)
    }
  })
  return { calls, arrays }
}

function addCall(calls, { callee, arguments: args }) {
  if (!/^(Optional)?MemberExpression$/.test(callee.type)) return
  const { line, column } = callee.property.loc.start
  calls.push({ line, column: column + 1, verb: callee.computed ? null : callee.property.name, args })
}

/** The call at a place; source maps may be off by some columns, never by a line. */
function findCall(calls, { line, column }, verb) {
  const fits = (call) => call.line === line && [null, 'ws', verb].includes(call.verb)
  const candidates = calls.filter(fits)
  return candidates.find((call) => call.column === column) ?? (candidates.length === 1 ? candidates[0] : null)
}

/** The node behind each value, spread elements included; null where it can't be told. */
function align(nodes, values, arrays) {
  const all = nodes.flatMap((node) => (isSpread(node) ? (written(node.argument, arrays) ?? [node]) : [node]))
  if (!all.some(isSpread) && all.length === values.length) return all
  const unknown = values.map(() => null)
  if (!nodes.some(isSpread)) return unknown
  const [first, last] = [nodes.findIndex(isSpread), nodes.findLastIndex(isSpread)]
  const after = nodes.slice(last + 1)
  const between = values.length - first - after.length
  return between < 0 ? unknown : [...nodes.slice(0, first), ...Array(between).fill(null), ...after]
}

/** Elements of an array literal, if it is one; what is added to it later is not among them. */
function written(node, arrays) {
  const array = node?.type === 'Identifier' ? arrays.get(node.name) : node
  if (array?.type !== 'ArrayExpression') return null
  return array.elements.flatMap((one) => (isSpread(one) ? (written(one.argument, arrays) ?? [one]) : [one]))
}

const isSpread = (node) => node?.type === 'SpreadElement'

function follow(nodes, values, [index, ...rest], arrays) {
  const node = nodes[index]
  if (!node || !rest.length) return node
  const inner = elements(node, values[index], arrays)
  return inner && follow(inner, values[index], rest, arrays)
}

function elements(node, values, arrays) {
  const array = node.type === 'Identifier' ? arrays.get(node.name) : node
  return array?.type === 'ArrayExpression' ? align(array.elements, values, arrays) : null
}

/** What a chain of calls with one argument each ends in. */
function unwrap(node) {
  const isWrapper =
    node.type === 'CallExpression' && node.arguments.length === 1 && node.callee.property?.name !== 'bind'
  return isWrapper ? unwrap(node.arguments[0]) : node
}

/** `upload.single('x')` → `upload.single`; a function written in place → `<inline>`; null for what has no name. */
function expression(node) {
  if (TRANSPARENT.includes(node.type)) return expression(node.expression ?? node.argument)
  if (FUNCTIONS.includes(node.type)) return '<inline>'
  if (!/^(Optional)?CallExpression$/.test(node.type)) return text(node)
  const { callee } = node
  if (callee.type === 'MemberExpression' && callee.property.name === 'bind') return expression(callee.object)
  return text(callee)
}

function text(node) {
  if (!node) return null
  if (TRANSPARENT.includes(node.type)) return text(node.expression ?? node.argument)
  if (node.type === 'Identifier') return node.name
  if (node.type === 'ThisExpression') return 'this'
  if (/^(Optional)?CallExpression$/.test(node.type)) return suffixed(node.callee, '()')
  if (/^(Optional)?MemberExpression$/.test(node.type) && !node.computed) {
    const { name, id } = node.property
    return suffixed(node.object, `.${name ?? `#${id.name}`}`)
  }
  return null
}

function suffixed(node, suffix) {
  const head = text(node)
  return head && head + suffix
}

module.exports = { Source }

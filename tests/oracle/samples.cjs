'use strict'

/** Values for a parameter, until one matches its pattern. */
const VALUES = ['p', '1', 'aa', 'abc123', '2024-01-31', '0b8f4d0e-7c1a-4b52-9d2e-1f6a3c5d7e90', 'a.b']

/**
 * Request paths that may match a path in Express notation, most likely first.
 *
 * @param {string|RegExp} path - as given to Express
 * @param {string[]} given - samples that the fixture itself names, for what can't be guessed
 */
function* samples(path, given) {
  yield* given
  if (path instanceof RegExp) {
    for (const value of VALUES) yield fromRegExp(path.source, value)
    return
  }
  for (const value of VALUES) {
    yield fromString(path, value)
    yield fromString(dropOptional(path), value)
  }
}

function fromString(path, value) {
  const simple = path
    .replace(/\\(.)/g, '$1')
    .replace(/[{}]/g, '')
    .replace(/:\w+(\((?:\\.|[^()\\])*\))?[?*+]?/g, value)
    .replace(/\*\w*/g, value)
    .replace(/\((?:\?:)?([^()|]*)(?:\|[^()]*)?\)[?*+]?/g, (_, inner) => (/^[\w/.-]*$/.test(inner) ? inner : value))
    .replace(/.\?/g, '')
  return simple.startsWith('/') ? simple : `/${simple}`
}

function dropOptional(path) {
  return path
    .replace(/\/?:\w+(\([^()]*\))?\?/g, '')
    .replace(/\{[^{}]*\}/g, '')
    .replace(/\([^()]*\)\?/g, '')
}

function fromRegExp(source, value) {
  return source
    .replace(/\(\?<?[!=][^)]*\)/g, '')
    .replace(/\(\?<\w+>/g, '(')
    .replace(/\\\//g, '/')
    .replace(/\[[^\]]*\][*+]?|\\[dw][*+]?(\{[\d,]+\})?|\.[*+]/g, value)
    .replace(/\\(.)/g, '$1')
    .replace(/\((?:\?:)?([^()|]*)(?:\|[^()]*)?\)\??/g, '$1')
    .replace(/[\^$?]/g, '')
}

module.exports = { samples }

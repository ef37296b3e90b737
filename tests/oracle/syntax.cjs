'use strict'

/** Call `visit` with every node of a Babel tree, parents first. */
function walk(node, visit) {
  visit(node)
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc' || key.endsWith('Comments')) continue
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child.type === 'string' && typeof child.start === 'number') walk(child, visit)
    }
  }
}

module.exports = { walk }

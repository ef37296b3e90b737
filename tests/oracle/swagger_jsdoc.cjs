'use strict'

// Answers a line of JSON on stdin with a line on stdout, as swagger-jsdoc and the packages it uses have it:
//
//   {"comments": [...]}         the texts that its tags hold, for each comment with its marks
//   {"texts": [...]}            what each YAML text means; {"fault": true} for one that it leaves out
//   {"folder", "options": {}}   the document that the package makes of the files in a folder

const readline = require('node:readline')
const { createRequire } = require('node:module')
const swaggerJsdoc = require('swagger-jsdoc')
const { extractYamlFromJsDoc } = require('swagger-jsdoc/src/utils')

const its = createRequire(require.resolve('swagger-jsdoc'))
const YAML = its('yaml')
const doctrine = its('doctrine')

console.info = console.error = () => {}

function meaning(text) {
  const document = YAML.parseDocument(text)
  if (document.errors.length) return { fault: true }
  try {
    return { value: document.toJSON() }
  } catch {
    return { fault: true }
  }
}

function answer({ comments, texts, folder, options }) {
  if (comments) return comments.map((comment) => extractYamlFromJsDoc(doctrine.parse(comment, { unwrap: true })))
  if (texts) return texts.map(meaning)
  process.chdir(folder)
  return swaggerJsdoc(options)
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  console.log(JSON.stringify(answer(JSON.parse(line))))
})

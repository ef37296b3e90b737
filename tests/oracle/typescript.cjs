'use strict'

const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')

const SUFFIXES = ['.ts', '.tsx', '.mts', '.cts']
const maps = new Map()
let ts

/** Let `require` load TypeScript, and ES modules beside it, as `tsc` would compile them to CommonJS. */
function register(root) {
  ts = require('typescript')
  for (const suffix of SUFFIXES) {
    Module._extensions[suffix] = (module, file) => module._compile(transpile(file), file)
  }
  const javascript = Module._extensions['.js']
  Module._extensions['.js'] = (module, file) =>
    isModule(root, file) ? module._compile(transpile(file), file) : javascript(module, file)
  const resolve = Module._resolveFilename
  Module._resolveFilename = function (request, parent, ...rest) {
    try {
      return resolve.call(this, request, parent, ...rest)
    } catch (error) {
      const found = parent?.filename && resolveAsTypeScript(root, request, parent.filename)
      if (!found) throw error
      return found
    }
  }
}

/** The compiler's own answer: `./x.js` for `x.ts`, `paths`, `baseUrl`. */
function resolveAsTypeScript(root, request, from) {
  const { resolvedModule } = ts.resolveModuleName(request, from, compilerOptions(root, from), ts.sys)
  const file = resolvedModule?.resolvedFileName
  return file && !file.endsWith('.d.ts') ? path.resolve(file) : undefined
}

function compilerOptions(root, file) {
  const config = ts.findConfigFile(path.dirname(file), ts.sys.fileExists) ?? path.join(root, 'tsconfig.json')
  if (!fs.existsSync(config)) return { moduleResolution: ts.ModuleResolutionKind.Node10 }
  return ts.getParsedCommandLineOfConfigFile(config, {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic() {} })
    .options
}

function transpile(file) {
  const { outputText, sourceMapText } = ts.transpileModule(fs.readFileSync(file, 'utf8'), {
    fileName: file,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      sourceMap: true,
      esModuleInterop: true,
      allowJs: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      useDefineForClassFields: false,
    },
  })
  maps.set(file, new Module.SourceMap(JSON.parse(sourceMapText)))
  return outputText.replace(/\n\/\/# sourceMappingURL=.*$/, '')
}

function isModule(root, file) {
  if (file.includes(`${path.sep}node_modules${path.sep}`) || !file.startsWith(root)) return false
  for (let folder = path.dirname(file); folder.startsWith(root); folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json')
    if (fs.existsSync(manifest)) return JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module'
  }
  return false
}

/** Where a 1-based position of loaded code stands in the file that was written. */
function originalPosition(file, line, column) {
  const entry = maps.get(file)?.findEntry(line - 1, column - 1)
  if (entry?.originalLine === undefined) return { line, column }
  return { line: entry.originalLine + 1, column: entry.originalColumn + 1 }
}

module.exports = { register, originalPosition, SUFFIXES }

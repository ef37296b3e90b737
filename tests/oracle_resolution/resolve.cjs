// Answers, line by line, where TypeScript or Node finds an import.
//
// In:  {"by": "typescript", "files": {path: text}, "links": {path: path}, "imports": [[from, specifier], …]}
//      {"by": "node", "folder": absolute path, "imports": …}, with module-alias at work in that folder
// Out: [path or null, …], paths relative to the root; null for what is no file of the repository.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const { createRequire } = require('node:module');

const installed = createRequire(path.join(process.argv[2], 'x.js'));
const ts = installed('typescript');
const moduleAlias = installed('module-alias');

// Far enough below the top that a way out of the repository stays one.
const ROOT = '/far/below/root';

function byTypeScript({ files, links, imports }) {
  const linked = Object.entries(links).map(([link, target]) => [`${ROOT}/${link}`, `${ROOT}/${target}`]);
  const real = (written) => {
    const name = path.posix.normalize(written).replace(/(?<=.)\/$/, '');
    const [link, target] = linked.find(([link]) => name === link || name.startsWith(`${link}/`)) ?? ['', ''];
    return target + name.slice(link.length);
  };
  const text = new Map(Object.entries(files).map(([name, content]) => [`${ROOT}/${name}`, content]));
  const folders = new Set(['/']);
  for (const name of [...text.keys(), ...linked.map(([link]) => `${link}/x`)]) {
    for (let folder = path.posix.dirname(name); folder !== '/'; folder = path.posix.dirname(folder)) {
      folders.add(folder);
    }
  }
  const host = {
    fileExists: (name) => text.has(real(name)),
    readFile: (name) => text.get(real(name)),
    directoryExists: (name) => folders.has(real(name)),
    realpath: real,
    getCurrentDirectory: () => ROOT,
    useCaseSensitiveFileNames: true,
    readDirectory: () => [],
    onUnRecoverableConfigFileDiagnostic: () => {},
  };
  return imports.map(([from, specifier]) => {
    const importer = `${ROOT}/${from}`;
    const config = ts.findConfigFile(path.posix.dirname(importer), host.fileExists);
    const options = config ? ts.getParsedCommandLineOfConfigFile(config, {}, host).options : {};
    const complete = { ...options, allowJs: true, resolveJsonModule: true };
    const mode = ts.getImpliedNodeFormatForFile(importer, undefined, host, complete);
    const found = ts.resolveModuleName(specifier, importer, complete, host, undefined, undefined, mode);
    return found.resolvedModule ? real(found.resolvedModule.resolvedFileName).slice(ROOT.length + 1) : null;
  });
}

function byNode({ folder, imports }) {
  const root = fs.realpathSync(folder);
  moduleAlias({ base: root });
  const found = imports.map(([from, specifier]) => {
    try {
      const name = createRequire(path.join(root, from)).resolve(specifier);
      return name.startsWith(root + path.sep) ? path.relative(root, name) : null;
    } catch {
      return null;
    }
  });
  moduleAlias.reset();
  return found;
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const question = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(question.by === 'node' ? byNode(question) : byTypeScript(question))}\n`);
});

// Imports modules given as a JSON list of addresses; prints what each exports as `out`. Those in TypeScript are loaded
// as its compiler makes them.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(`${process.argv[3]}/`);
require('./typescript.cjs').register(process.argv[4]);
const plain = (value) => (typeof value === 'function' ? 'function' : value);
const found = [];
for (const address of JSON.parse(process.argv[2])) {
  const module = address.endsWith('.ts') ? require(fileURLToPath(address)) : await import(address);
  const out = module.out ?? module.default.out;
  found.push(Array.isArray(out) ? out.map(plain) : plain(out));
}
process.stdout.write(JSON.stringify(found));

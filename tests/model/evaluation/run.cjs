// Runs programs given as a JSON list on stdin; prints the values that `out` may have at the end of each.
'use strict';

const ASKED = 3; // how often a program may ask maybe()
const SETTLED = 100; // milliseconds after which timers and files have been heard of

const plain = (value) => {
  if (value === undefined) return 'undefined';
  if (typeof value === 'function') return 'function';
  if (Array.isArray(value)) return Array.from(value, plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, plain(value[key])]));
};

const exit = () => { throw new Error('the program ends'); };
const ours = Object.create(process, { env: { value: {} }, exit: { value: exit } });

// Starts a program; returns a function that reads its `out`.
const start = (source, answers) => {
  let read;
  const maybe = () => {
    if (!answers.length) throw new Error('maybe() is asked too often');
    return answers.shift();
  };
  const run = new Function('maybe', 'require', 'process', 'keep', `let out; keep(() => out);\n${source}`);
  try {
    run(maybe, require, ours, (reader) => { read = reader; });
  } catch { /* what was assigned by then stands */ }
  return read;
};

// All answers that maybe() can give, one list a run.
const answers = (source) => Array.from({ length: source.includes('maybe()') ? 2 ** ASKED : 1 }, (_, bits) => (
  Array.from({ length: ASKED }, (__, at) => Boolean(bits & (1 << at)))
));

process.on('unhandledRejection', () => {});
const sources = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const readers = sources.map((source) => answers(source).map((given) => start(source, given)));
setTimeout(() => {
  process.stdout.write(JSON.stringify(readers.map((runs) => runs.map((read) => plain(read())))));
}, SETTLED);

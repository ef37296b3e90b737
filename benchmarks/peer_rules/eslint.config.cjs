// Eleven rules of ESLint's own; TypeScript is read when typescript-eslint is installed beside ESLint.
const { realpathSync } = require('fs');
const { createRequire } = require('module');

const parsers = {};
try {
  parsers.parser = createRequire(realpathSync(process.argv[1]))('typescript-eslint').parser;
} catch {
  // JavaScript only
}

module.exports = [
  {
    files: ['**/*.{js,jsx,mjs,cjs,ts,mts,cts,tsx}'],
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    languageOptions: { ...parsers, parserOptions: { ecmaFeatures: { jsx: true } } },
    rules: {
      'no-console': 'warn',
      'no-empty': 'warn',
      'no-eval': 'warn',
      'no-fallthrough': 'warn',
      'no-shadow': 'warn',
      'no-undef': 'warn',
      'no-unreachable': 'warn',
      'no-unused-vars': 'warn',
      'no-use-before-define': 'warn',
      'prefer-const': 'warn',
      eqeqeq: 'warn',
    },
  },
];

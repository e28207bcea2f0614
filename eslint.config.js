import eslint from '@eslint/js';
import tsdoc from 'eslint-plugin-tsdoc';
import tseslint from 'typescript-eslint';

/** What is compiled to WebAssembly. */
const kernels = ['src/snn/kernel/**/*.ts', 'lab/src/bench/engine/probe/**/*.ts'];

export default tseslint.config(
  {
    ignores: ['**/dist', 'node_modules', '.ros', 'build', 'install', 'log', 'test-results'],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    ignores: kernels,
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { tsdoc },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'tsdoc/syntax': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
    },
  },
  {
    // AssemblyScript: its types are those of its own compiler, which checks them; here stands what needs no types.
    files: kernels,
    extends: [...tseslint.configs.strict, ...tseslint.configs.stylistic],
    plugins: { tsdoc },
    rules: {
      'tsdoc/syntax': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // A conversion of numbers, which `as` is not there.
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'angle-bracket' }],
      // What JavaScript writes is a global that nothing here assigns.
      'prefer-const': 'off',
      // Integers of 64 bits are exact there.
      'no-loss-of-precision': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', module: 'writable', Buffer: 'readonly' },
    },
  },
);

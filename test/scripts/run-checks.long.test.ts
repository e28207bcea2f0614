import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runTests } from '../../scripts/testing/run-checks.mjs';

const root = resolve(import.meta.dirname, '../..');

/** A separate folder of tests, inside the checkout so that vitest is found. */
function testsOf(files: Readonly<Record<string, string>>): string {
  const results = join(root, 'test-results');
  mkdirSync(results, { recursive: true });
  const folder = mkdtempSync(join(results, 'fixture-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, 'vitest.config.mjs'), 'export default { test: { include: ["*.test.mjs"] } };');
  for (const [name, body] of Object.entries(files)) {
    writeFileSync(join(folder, name), `import { it } from 'vitest';\nit('a test', () => { ${body} });\n`);
  }
  return folder;
}

const run = (folder: string, limit: number): ReturnType<typeof runTests> => {
  const args = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--root', folder];
  return runTests(process.execPath, args, process.env, join(folder, 'modules.log'), limit);
};

it('a test that never ends is ended with the others, and its file is named', { timeout: 120_000 }, async () => {
  // Blocks the thread like an endless loop, at no cost.
  const endless = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';
  const folder = testsOf({ 'good.test.mjs': '', 'endless.test.mjs': endless });
  const { code, hung } = await run(folder, 30);
  expect(code).toBe(124);
  expect(hung).toMatch(/^The tests were ended after 0.5 minutes; had begun and not ended: .*endless\.test\.mjs\.$/);
});

it('tests that end in time keep their exit code', { timeout: 120_000 }, async () => {
  expect(await run(testsOf({ 'good.test.mjs': '' }), 100)).toEqual({ code: 0, hung: undefined });
  expect(await run(testsOf({ 'bad.test.mjs': 'throw new Error();' }), 100)).toEqual({ code: 1, hung: undefined });
});

// @ts-check
// Loaded with `--import`: notes which functions of the program run, in the order in which they are reached first after each
// wake of the executor, or message that has arrived. At each SIGUSR2 what was noted since the last one is written to the file that TOPSPARK_TRACE names.
// Coverage of V8 has no order; so each function of dist/ is given a call at its beginning when it is loaded.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import ts from 'typescript';

/** Number of wakes that are kept. */
const most = 200;

/** What native code calls. */
const entries = ['execute', '#arrived'].map((name) => `src/ros/safe-lifecycle-node.ts ${name}`);

if (isMainThread) {
  register(import.meta.url);
  /** @type {Set<string>[]} */
  let wakes = [new Set()];
  let taken = 0;
  /** @param {string} reached - `src/ros/inputs.ts take` */
  const note = (reached) => {
    if (entries.includes(reached)) wakes.push(new Set());
    if (wakes.length > most) wakes.shift();
    wakes.at(-1)?.add(reached);
  };
  Object.assign(globalThis, { topsparkReached: note });
  process.on('SIGUSR2', () => {
    const path = process.env['TOPSPARK_TRACE'] ?? 'trace.json';
    const record = { taken: ++taken, wakes: wakes.map((wake) => [...wake].map((reached) => reached.split(' '))) };
    wakes = [new Set()];
    writeFileSync(`${path}.new`, JSON.stringify(record));
    renameSync(`${path}.new`, path);
  });
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  const file = url.includes('node_modules') ? undefined : /\/dist\/(.*)\.js$/.exec(url)?.[1];
  if (file === undefined) return nextLoad(url, context);
  const source = traced(readFileSync(fileURLToPath(url), 'utf8'), `src/${file}.ts`);
  return { format: 'module', source, shortCircuit: true };
}

/**
 * @param {string} source
 * @param {string} file
 * @returns {string} the same, in which each function records that it runs
 */
function traced(source, file) {
  const tree = ts.createSourceFile('a.js', source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  /** @type {{ at: number, text: string }[]} */
  const added = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const body = /** @type {ts.Node} */ (node.body);
      const call = `topsparkReached(${JSON.stringify(`${file} ${nameOf(node)}`)})`;
      if (ts.isBlock(body)) added.push({ at: body.getStart() + 1, text: `${call};` });
      else added.push({ at: body.getStart(), text: `(${call},` }, { at: body.end, text: ')' });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  const order = added
    .map(({ at, text }, index) => ({ at, text, index }))
    .sort((a, b) => a.at - b.at || a.index - b.index);
  let [traced, from] = ['', 0];
  for (const { at, text } of order) {
    traced += source.slice(from, at) + text;
    from = at;
  }
  return traced + source.slice(from);
}

/**
 * @param {ts.SignatureDeclaration} node
 * @returns {string} its own name, or that of the property or variable it is assigned to
 */
function nameOf(node) {
  const named = node.name ?? ('name' in node.parent ? /** @type {{ name?: ts.Node }} */ (node.parent).name : undefined);
  return ts.isConstructorDeclaration(node) ? 'constructor' : (named?.getText().replace(/\s/g, '') ?? '?');
}

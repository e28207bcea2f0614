// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { bundlePage } from './page.mjs';
import { paths } from './paths.mjs';
import { programOutputs } from './program.mjs';
import { replaceFile, unfinished } from './replace-file.mjs';
import { filesBelow } from './stamp.mjs';

// `node compile.mjs` bundles the page of the dashboard, then compiles src to dist and lab/src to lab/dist, as `tsc -p` would, but: nothing is written where there
// is an error; only what changes is written, each file by a rename, so that a program that runs from there reads no half
// file; and TypeScript's own list of what it makes is kept, so that the set-up expects exactly that.

/** @type {{ name: string, config: string, folder: string }[]} */
const projects = [
  { name: 'program', config: 'tsconfig.build.json', folder: paths.dist },
  // Needs the declarations of the program.
  { name: 'lab', config: join('lab', 'tsconfig.build.json'), folder: paths.labDist },
].filter(({ config }) => existsSync(join(paths.root, config)));

process.exitCode = (await compileAll()) ? 0 : 1;

/** @returns {Promise<boolean>} whether there was no error */
async function compileAll() {
  const whole = programOutputs()?.every((file) => existsSync(file)) ?? false;
  const page = await bundlePage();
  if (page === undefined) return false;
  const outputs = [...page];
  for (const project of projects) {
    const made = compile(project, whole, page);
    if (made === undefined) return false;
    outputs.push(...made);
  }
  replaceFile(
    paths.programOutputs,
    JSON.stringify(
      outputs.map((file) => relative(paths.root, file)),
      undefined,
      1,
    ),
  );
  return true;
}

/**
 * @param {{ name: string, config: string, folder: string }} project
 * @param {boolean} whole - whether everything that was compiled last is there
 * @param {readonly string[]} others - files beside them that are made otherwise
 * @returns {string[] | undefined} the files that it is made of now; undefined where there is an error
 */
function compile({ name, config, folder }, whole, others) {
  const buildInfo = join(paths.buildNotes, `${name}.tsbuildinfo`);
  // TypeScript does not look whether what it once wrote is still there; without its notes it writes everything.
  if (!whole) rmSync(buildInfo, { force: true });
  const parsed = ts.getParsedCommandLineOfConfigFile(
    join(paths.root, config),
    { incremental: true, tsBuildInfoFile: buildInfo, noEmitOnError: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => report([diagnostic]) },
  );
  if (parsed === undefined || report(parsed.errors)) return undefined;
  const builder = ts.createIncrementalProgram({ rootNames: parsed.fileNames, options: parsed.options });
  const { diagnostics, emitSkipped } = builder.emit(undefined, (file, text) => {
    // The notes are written last: if this process is killed before, there are none, and everything is compiled again.
    if (resolve(file) !== buildInfo) rmSync(buildInfo, { force: true });
    replaceFile(file, text);
  });
  if (report(diagnostics) || emitSkipped) return undefined;
  const sources = builder
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile && !builder.getProgram().isSourceFileFromExternalLibrary(file))
    .map(({ fileName }) => fileName);
  const outputs = sources
    .flatMap((source) =>
      ts.getOutputFileNames({ ...parsed, fileNames: sources }, source, !ts.sys.useCaseSensitiveFileNames),
    )
    .map((file) => resolve(file));
  removeOrphans(folder, new Set([...outputs, ...others]));
  return outputs;
}

/**
 * @param {readonly ts.Diagnostic[]} diagnostics
 * @returns {boolean} whether there is an error among them
 */
function report(diagnostics) {
  process.stdout.write(
    ts.formatDiagnostics(diagnostics, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => paths.root,
      getNewLine: () => '\n',
    }),
  );
  return diagnostics.some(({ category }) => category === ts.DiagnosticCategory.Error);
}

/**
 * What was compiled from a source that is gone would still be packaged, and still be found by an import.
 * @param {string} folder
 * @param {Set<string>} outputs - the files that have a source
 */
function removeOrphans(folder, outputs) {
  for (const file of filesBelow(folder)) {
    const ours = /\.(d\.ts|js|js\.map)$/.test(file) || file.endsWith(unfinished);
    if (ours && !outputs.has(file)) rmSync(file);
  }
}

// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { bundlePage } from './page.mjs';
import { paths } from './paths.mjs';
import { programOutputs } from './program.mjs';
import { replaceFile, unfinished } from './replace-file.mjs';
import { filesBelow } from './stamp.mjs';

// `node compile.mjs` bundles the page of the dashboard, then compiles src to dist and lab/src to lab/dist. It differs
// from `tsc -p` in three ways. After an error nothing is written. Only changed files are written, each by a rename, so
// that a running program never reads half a file. The list of files that TypeScript makes is stored, and the set-up
// expects exactly these.

/** @type {{ name: string, config: string, folder: string }[]} */
const projects = [
  { name: 'program', config: 'tsconfig.build.json', folder: paths.dist },
  // Compiled last: it needs the declarations of the program.
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
 * @param {boolean} whole - whether all outputs of the last compilation still exist
 * @param {readonly string[]} others - files in the output folder that TypeScript does not make
 * @returns {string[] | undefined} the output files; undefined after an error
 */
function compile({ name, config, folder }, whole, others) {
  const buildInfo = join(paths.buildNotes, `${name}.tsbuildinfo`);
  // TypeScript does not check that its earlier outputs still exist. Without its build notes it writes all of them.
  if (!whole) rmSync(buildInfo, { force: true });
  const parsed = ts.getParsedCommandLineOfConfigFile(
    join(paths.root, config),
    { incremental: true, tsBuildInfoFile: buildInfo, noEmitOnError: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => report([diagnostic]) },
  );
  if (parsed === undefined || report(parsed.errors)) return undefined;
  const builder = ts.createIncrementalProgram({ rootNames: parsed.fileNames, options: parsed.options });
  const { diagnostics, emitSkipped } = builder.emit(undefined, (file, text) => {
    // The notes are written last: if this process is killed before that, the next run compiles everything.
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
 * Removes the outputs of sources that no longer exist: they would still be packaged, and imports would find them.
 * @param {string} folder
 * @param {Set<string>} outputs - the files that have a source
 */
function removeOrphans(folder, outputs) {
  for (const file of filesBelow(folder)) {
    const ours = /\.(d\.ts|js|js\.map)$/.test(file) || file.endsWith(unfinished);
    if (ours && !outputs.has(file)) rmSync(file);
  }
}

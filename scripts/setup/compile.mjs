// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { paths } from './paths.mjs';
import { programOutputs } from './program.mjs';
import { replaceFile, unfinished } from './replace-file.mjs';
import { filesBelow } from './stamp.mjs';

// `node compile.mjs` compiles src to dist as `tsc -p tsconfig.build.json` would, but: nothing is written where there is an
// error; only what changes is written, each file by a rename, so that a program that runs from dist reads no half file; and
// TypeScript's own list of what it makes is kept, so that the set-up expects exactly that.

process.exitCode = compile() ? 0 : 1;

/** @returns {boolean} whether there was no error */
function compile() {
  // TypeScript does not look whether what it once wrote is still there; without its notes it writes everything.
  if (!programOutputs()?.every((file) => existsSync(file))) rmSync(paths.buildInfo, { force: true });
  const parsed = ts.getParsedCommandLineOfConfigFile(
    join(paths.root, 'tsconfig.build.json'),
    { incremental: true, tsBuildInfoFile: paths.buildInfo, noEmitOnError: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => report([diagnostic]) },
  );
  if (parsed === undefined || report(parsed.errors)) return false;
  const builder = ts.createIncrementalProgram({ rootNames: parsed.fileNames, options: parsed.options });
  const { diagnostics, emitSkipped } = builder.emit(undefined, (name, text) => {
    // The notes are written last: if this process is killed before, there are none, and everything is compiled again.
    if (resolve(name) !== paths.buildInfo) rmSync(paths.buildInfo, { force: true });
    replaceFile(name, text);
  });
  if (report(diagnostics) || emitSkipped) return false;
  const sources = builder
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile && !builder.getProgram().isSourceFileFromExternalLibrary(file))
    .map(({ fileName }) => fileName);
  const outputs = sources
    .flatMap((source) =>
      ts.getOutputFileNames({ ...parsed, fileNames: sources }, source, !ts.sys.useCaseSensitiveFileNames),
    )
    .map((file) => resolve(file));
  removeOrphans(new Set(outputs));
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
 * @param {Set<string>} outputs - the files that have a source
 */
function removeOrphans(outputs) {
  for (const file of filesBelow(paths.dist)) {
    const ours = /\.(d\.ts|js|js\.map)$/.test(file) || file.endsWith(unfinished);
    if (ours && !outputs.has(file)) rmSync(file);
  }
}

// @ts-check
import { build } from 'esbuild';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { paths } from './paths.mjs';
import { replaceFile } from './replace-file.mjs';

const source = join(paths.root, 'src', 'dashboard', 'page');
const target = join(paths.dist, 'dashboard', 'page');

/** Files that are copied, not bundled. */
const asTheyAre = ['index.html', 'icon.svg'];

/**
 * Makes the page of the dashboard: one script and one style sheet with all their imports, and the copied files.
 * @returns {Promise<string[] | undefined>} the files written; undefined after an error
 */
export async function bundlePage() {
  try {
    const { outputFiles } = await build({
      entryPoints: { page: join(source, 'main.tsx'), 'page.css': join(source, 'page.css') },
      outdir: target,
      entryNames: '[name]',
      absWorkingDir: paths.root,
      tsconfig: join(source, 'tsconfig.json'),
      ...{ bundle: true, minify: true, format: 'esm', target: 'es2022', charset: 'utf8', legalComments: 'eof' },
      ...{ write: false, logLevel: 'warning' },
    });
    const made = outputFiles.map(({ path, text }) => ({ file: path.replace('.css.css', '.css'), text }));
    const copied = asTheyAre.map((name) => ({
      file: join(target, name),
      text: readFileSync(join(source, name), 'utf8'),
    }));
    for (const { file, text } of [...made, ...copied]) {
      mkdirSync(dirname(file), { recursive: true });
      replaceFile(file, text);
    }
    return [...made, ...copied].map(({ file }) => file);
  } catch (error) {
    // esbuild has printed its errors; any other error is printed here.
    if (!(error instanceof Error) || !('errors' in error)) console.log(String(error));
    return undefined;
  }
}

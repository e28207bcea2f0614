import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { TopsparkError } from '../base/errors.js';
import { programRoot } from '../base/package.js';

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly zipped: Buffer;
}

const types = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
} as const;

/**
 * Reads all files of the page once, by path, so that no request can name a file of this machine.
 *
 * @throws {@link TopsparkError} `page_missing` where the page was not built
 */
export function pageFiles(folder = `${programRoot}dist/dashboard/page/`): ReadonlyMap<string, PageFile> {
  return new Map(
    Object.entries(types).map(([path, [name, type]]) => {
      const body = read(folder + name);
      return [path, { type, body, zipped: gzipSync(body) }];
    }),
  );
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const message = `${file} cannot be read, expected the page of the dashboard: npm run build makes it`;
    throw new TopsparkError('page_missing', 'environment', message, { cause });
  }
}

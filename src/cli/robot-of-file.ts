import { basename, extname } from 'node:path';

/** The name of a file without its extension; characters that names of robots may not have are replaced. */
export function robotOf(path: string): string {
  const name = basename(path, extname(path))
    .replace(/[^\w.-]/g, '_')
    .slice(0, 64);
  return name === '' ? 'robot' : name;
}

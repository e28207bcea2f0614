import { basename, extname } from 'node:path';

/** A file's name without its ending, with only characters that names of robots may have. */
export function robotOf(path: string): string {
  const name = basename(path, extname(path))
    .replace(/[^\w.-]/g, '_')
    .slice(0, 64);
  return name === '' ? 'robot' : name;
}

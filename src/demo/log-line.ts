/** Level from which a line concerns the person before the terminal: pino's `warn`. */
const warn = 40;

/**
 * The warning in a line that a ROS process printed: pino's JSON from the level `warn` on, or a line of rcl's own logger.
 *
 * @returns the warning in words; `undefined` where the line holds none
 */
export function warningIn(line: string): string | undefined {
  if (!line.startsWith('{')) return /\[(WARN|ERROR|FATAL)\]/.test(line) ? line : undefined;
  try {
    const { level, msg } = JSON.parse(line) as { readonly level?: unknown; readonly msg?: unknown };
    return typeof level === 'number' && level >= warn && typeof msg === 'string' ? msg : undefined;
  } catch {
    return line; // looks like JSON and is none: better shown than lost
  }
}

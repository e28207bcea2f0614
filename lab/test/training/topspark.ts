import { vi } from 'vitest';

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The built program: its worker threads need compiled modules. */
const program = new URL('../../../dist/cli/run-command-line.js', import.meta.url).href;
let busy: Promise<unknown> = Promise.resolve();

/**
 * Runs the built command line in the process of the test, which spares the start of another. What depends on the process
 * (signals, pipes, a full disk, an input that never ends) needs {@link TopsparkProcess}. Calls run one after another.
 *
 * @param env - variables of the environment; undefined: absent
 */
export function topspark(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Ended> {
  const ended = busy.then(() => run(args, env));
  busy = ended.catch(() => undefined);
  return ended;
}

async function run(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<Ended> {
  const printed = { stdout: '', stderr: '' };
  const streams = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    }),
  );
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  const code = process.exitCode;
  setEnvironment(Object.entries(env));
  process.exitCode = undefined;
  try {
    // Not before: modules read the environment too, such as NO_COLOR.
    const { runCommandLine } = (await import(program)) as typeof import('../../../src/cli/run-command-line.js');
    await runCommandLine([process.execPath, 'topspark', ...args]);
    return { code: exitCode(), out: printed.stdout, err: printed.stderr };
  } finally {
    for (const stream of streams) stream.mockRestore();
    setEnvironment(before);
    process.exitCode = code;
  }
}

function setEnvironment(variables: readonly (readonly [string, string | undefined])[]): void {
  for (const [name, value] of variables) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

// In a function of its own: TypeScript believes that the code is what was assigned last.
function exitCode(): number {
  return Number(process.exitCode ?? 0);
}

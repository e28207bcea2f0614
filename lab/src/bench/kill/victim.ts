import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./kill-child.js', import.meta.url));

/** When to kill a process: a time after its start, after it has restored, or after a save has begun [s]. */
export interface KillMoment {
  readonly after: 'start' | 'restored' | 'saving';
  readonly delay: number;
}

/** What a process reported before it was killed. */
export interface KilledProcess {
  /** Samples and weights that it restored; absent: it was killed before. */
  readonly restored?: { readonly samples: number; readonly hash: string };
  /** Number of checkpoints that it refused as damaged. */
  readonly refused: number;
  /** Samples at the last complete save. */
  readonly saved: number;
  /** Times at which saves began, by number of samples, and at which it was ready to learn [s]. */
  readonly begun: ReadonlyMap<number, number>;
  readonly ready: number;
  /** Time of the kill [s]. */
  readonly killed: number;
}

const seconds = (): number => performance.now() / 1000;

/**
 * Starts a process that learns, and kills it with SIGKILL at a moment.
 *
 * @throws Error where the process ended on its own or reported a fault
 */
export function killAt(moment: KillMoment, folder: string, neurons: number, interval: number): Promise<KilledProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, folder, String(neurons), String(interval)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let restored: KilledProcess['restored'];
    let refused = 0;
    let saved = 0;
    let ready = Infinity;
    let killed = Infinity;
    let fault = '';
    const begun = new Map<number, number>();
    let timer: NodeJS.Timeout | undefined;
    const reached = (event: KillMoment['after']): void => {
      if (event !== moment.after || timer !== undefined) return;
      timer = setTimeout(() => {
        killed = seconds();
        child.kill('SIGKILL');
      }, moment.delay * 1000);
    };
    child.stderr.on('data', (text: Buffer) => (fault += text.toString()));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [event, samples, hash] = line.split(' ');
      if (event === 'fault') fault += `${line}\n`;
      if (event === 'refused') refused++;
      if (event === 'saved') saved = Number(samples);
      if (event === 'saving') {
        begun.set(Number(samples), seconds());
        reached('saving');
      }
      if (event === 'restored') {
        restored = { samples: Number(samples), hash };
        ready = seconds();
        reached('restored');
      }
    });
    reached('start');
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL' || fault !== '') reject(new Error(`the process ended with ${code ?? signal}: ${fault}`));
      else resolve({ ...(restored && { restored }), refused, saved, begun, ready, killed });
    });
  });
}

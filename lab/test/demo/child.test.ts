import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Child } from '../../src/demo/child-process.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-child-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Starts a module with this text as the camera. `said` resolves to the first line that it prints. */
function start(text: string): { child: Child; said: Promise<string> } {
  const script = join(folder, 'script.mjs');
  writeFileSync(script, text);
  let hear: (line: string) => void = () => undefined;
  const said = new Promise<string>((resolve) => {
    hear = resolve;
  });
  return { child: new Child('camera', script, ['one', 'two'], hear), said };
}

describe('Child', () => {
  it('keeps the output of the process and reports how it ended', async () => {
    const { child } = start(
      "console.log(process.argv.slice(2).join()); console.error('on stderr'); process.exitCode = 3;",
    );
    expect(await child.ended).toEqual({ name: 'camera', code: 3, signal: null });
    expect([...child.lastLines].sort()).toEqual(['on stderr', 'one,two']);
  });

  it('keeps only the last twenty lines', async () => {
    const { child } = start('for (let line = 1; line <= 50; line++) console.log(line);');
    await child.ended;
    expect(child.lastLines).toEqual(Array.from({ length: 20 }, (_, line) => String(31 + line)));
  });

  it('stops the process by SIGINT', async () => {
    const { child, said } = start(
      "process.on('SIGINT', () => process.exit(0)); setInterval(() => {}, 1000); console.log('up');",
    );
    await said;
    expect(await child.stop()).toEqual({ name: 'camera', code: 0, signal: null });
  });

  it('stops a process by SIGKILL that does not end within five seconds', async () => {
    const { child, said } = start("process.on('SIGINT', () => {}); setInterval(() => {}, 1000); console.log('up');");
    await said;
    expect(await child.stop()).toEqual({ name: 'camera', code: null, signal: 'SIGKILL' });
  }, 15_000);

  it('accepts a stop after the process has ended', async () => {
    const { child } = start('');
    await child.ended;
    expect(await child.stop()).toEqual({ name: 'camera', code: 0, signal: null });
  });

  it('gives the process a channel that closes with this process, and its own process group', async () => {
    const { said, child } = start('console.log(`${process.connected} ${process.pid}`); setInterval(() => {}, 1000);');
    const [connected, pid] = (await said).split(' ');
    expect(connected).toBe('true');
    expect(() => process.kill(-Number(pid), 0)).not.toThrow();
    await child.stop();
  });
});

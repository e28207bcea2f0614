import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { kernelFolders } from '../../scripts/setup/program.mjs';

const root = resolve(import.meta.dirname, '../..');
const parts = ['scripts', 'msgs', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/** A checkout in which nothing is set up, with a PATH that contains `node` and what a test puts there. */
export interface FakeCheckout {
  readonly folder: string;
  /** The only folder on PATH besides the shell's own. */
  readonly bin: string;
  /** Puts a shell script on PATH. */
  tool(name: string, script: string): void;
  /** Runs one of the scripts to its end. */
  run(
    script: string,
    env?: Readonly<Record<string, string>>,
  ): { readonly status: number | null; readonly text: string };
}

/** Copies everything that the set-up reads. The caller removes the folder, whose name begins with `name`. */
export function fakeCheckout(name = 'topspark-setup-'): FakeCheckout {
  const folder = mkdtempSync(join(tmpdir(), name));
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
  const bin = join(folder, 'bin-on-path');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  return {
    folder,
    bin,
    tool(name, script) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    },
    run(script, env = {}) {
      const options = {
        cwd: folder,
        env: { PATH: bin, HOME: folder, ...env },
        encoding: 'utf8',
        timeout: 100_000,
      } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [join('scripts', ...script.split('/'))], options);
      return { status, text: stdout + stderr };
    },
  };
}

/** Puts the tools that the set-up needs on PATH. CMake creates empty messages, the others nothing. */
export function passingTools(checkout: FakeCheckout): void {
  for (const tool of ['python3', 'c++', 'make', 'ros2']) checkout.tool(tool, 'exit 0');
  checkout.tool('cmake', `${makes('.ros/msgs/share/topspark_msgs/package.xml')}\necho cmake version 3.25.1`);
}

/** The variables of a sourced ROS 2. */
export function sourced(checkout: FakeCheckout): Record<string, string> {
  const prefix = join(checkout.folder, 'opt-ros');
  mkdirSync(join(prefix, 'share', 'rcl'), { recursive: true });
  writeFileSync(join(prefix, 'share', 'rcl', 'package.xml'), '');
  return { ROS_DISTRO: 'jazzy', AMENT_PREFIX_PATH: prefix };
}

/**
 * Puts on PATH tools that create what the set-up expects, and into the checkout two sources that the real TypeScript
 * compiles, a page that the real esbuild bundles, and the real AssemblyScript. Packages, messages, rclnodejs and
 * kernels are empty.
 */
export function workingTools(checkout: FakeCheckout): void {
  passingTools(checkout);
  const { folder } = checkout;
  mkdirSync(join(folder, 'node_modules', 'rclnodejs'), { recursive: true });
  for (const compiler of ['typescript', 'esbuild']) {
    rmSync(join(folder, 'node_modules', compiler), { force: true });
    symlinkSync(join(root, 'node_modules', compiler), join(folder, 'node_modules', compiler));
  }
  writeSource(folder, 'node_modules/assemblyscript/bin/asc.js', writesLastArgument);
  writeSource(folder, 'node_modules/rclnodejs/package.json', '{ "main": "index.js" }');
  writeSource(folder, 'node_modules/rclnodejs/index.js', 'exports.require = () => class {};');
  checkout.tool(
    'npm',
    `case $1 in
       ci) ${makes('node_modules/.package-lock.json')} ;;
       rebuild) ${makes('node_modules/rclnodejs/generated/generator.json')} ;;
       *) exit 7 ;;
     esac`,
  );
  // Node's own types take long to read and are not needed here.
  const config = readFileSync(join(root, 'tsconfig.json'), 'utf8');
  writeSource(folder, 'tsconfig.json', config.replace('"types": ["node"]', '"types": []'));
  writeSource(folder, 'src/main.ts', "import { part } from './parts/part.js';\nexport const whole = part + 1;\n");
  writeSource(folder, 'src/parts/part.ts', 'export const part = 1;\n');
  const page = { 'main.tsx': 'export {};', 'page.css': '', 'index.html': '', 'icon.svg': '', 'tsconfig.json': '{}' };
  for (const [name, text] of Object.entries(page)) writeSource(folder, join('src/dashboard/page', name), `${text}\n`);
  for (const kernel of kernelFolders()) {
    const place = relative(root, kernel);
    cpSync(join(kernel, 'asconfig.json'), join(folder, place, 'asconfig.json'));
    writeSource(folder, join(place, 'index.ts'), 'export function same(x: i32): i32 {\n  return x;\n}\n');
  }
}

const writesLastArgument = "require('node:fs').writeFileSync(process.argv.at(-1), '');";

/** Writes a file of the checkout. */
export function writeSource(folder: string, name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** Shell commands that make an empty file and its folder. */
const makes = (file: string): string => `/bin/mkdir -p '${dirname(file)}' && : > '${file}'`;

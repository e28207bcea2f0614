// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { paths } from './setup/paths.mjs';

// `npm run profile:shipped`: makes the shipped profile, src/timestep/controller/shipped-points.ts, from a full-size run
// of `topspark profile`. An interrupted run is resumed. `npm run profile:shipped -- FILE` uses a profile that the same
// command has made.

const command = ['profile', '--dataset', 'mnist'];
/** T, E, K and exits of the shipped modes, and of the points between them, from the dearest to the cheapest. */
const chosen = [
  [35, 400, 96, 0, 0],
  [35, 200, 48, 0, 0],
  [35, 200, 48, 6, 3],
  [16, 150, 24, 0, 0],
  [16, 150, 24, 6, 3],
  [8, 100, 24, 0, 0],
  [8, 100, 24, 6, 3],
];
const target = join(paths.root, 'src', 'timestep', 'controller', 'shipped-points.ts');
const folder = join(paths.root, 'build', 'profiles');
const file = process.argv[2] ?? join(folder, 'mnist.json');

if (process.argv[2] === undefined) {
  mkdirSync(folder, { recursive: true });
  const output = ['--output', file, '--report', file.replace(/json$/, 'html')];
  const program = join(paths.dist, 'cli', 'main.js');
  const { status } = spawnSync(process.execPath, [program, ...command, ...output], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
const { checkProfile } = await import('../lab/dist/profile/profile-file.js');
const profile = checkProfile(JSON.parse(readFileSync(file, 'utf8')), file);
const points = chosen.map((place) => {
  const point = profile.points.find((each) => Object.values(each.point).join() === place.join());
  if (point === undefined) throw new Error(`${file} has no point ${place.join('/')}, expected every shipped one`);
  return point;
});
const { dataset, training, provenance } = profile;
const { neurons, point, samples, labels, image, seed } = training;
const origin = {
  dataset: dataset.name,
  validation: dataset.validation,
  training: { neurons, point, samples, labels, image, seed },
};
const text = `// Written by \`npm run profile:shipped\`; do not edit.
//
//   topspark ${command.join(' ')}
//   commit ${provenance.commit}, ${provenance.created.slice(0, 10)}
//   ${provenance.machine.cpu}, Node ${provenance.machine.node.slice(1)}

import type { ProfilePoint } from './profile.js';

/** What was profiled: the data set, samples held out for measuring, and the network with what it learned. */
export const shippedOrigin = ${JSON.stringify(origin)} as const;

/** Policy that was profiled. */
export const shippedPolicy = ${JSON.stringify(profile.policy)};

/** What was measured. */
export const shippedPoints: readonly ProfilePoint[] = ${JSON.stringify(points)};
`;
writeFileSync(target, await format(text, { ...(await resolveConfig(target)), parser: 'typescript' }));
process.stderr.write(`${target}: ${points.length} of ${profile.points.length} points\n`);

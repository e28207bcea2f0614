/**
 * Arrows point down only. A room may import itself and every room of a lower layer; ARCHITECTURE.md says what is in each.
 * The rooms of the lab lie above the program, and the program knows nothing of them.
 */
const layers = [
  ['base'],
  ['snn'],
  ['accuracy', 'energy', 'checkpoint', 'sensing'],
  ['timestep', 'bag'],
  ['classifier'],
  ['agent'],
  ['fleet'],
  ['node'],
  ['dashboard'],
  ['ros'],
  ['cli'],
];
const labLayers = [
  ['world', 'datasets'],
  ['training'],
  ['jobs', 'nir'],
  ['profile'],
  ['report', 'reproduction'],
  ['bench', 'demo'],
  ['cli'],
];

const below = (all, level) => all.slice(0, level).flat();

const pointDown = (all, root, kind) =>
  all.flatMap((rooms, level) =>
    rooms.map((room) => ({
      name: `${kind}${room}-points-down`,
      comment: `${root}${room} may import ${[room, ...below(all, level)].join(', ')}.`,
      severity: 'error',
      from: { path: `^${root}${room}/` },
      to: { path: `^${root}`, pathNot: `^${root}(${[room, ...below(all, level)].join('|')})/` },
    })),
  );

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means that two files are one idea, or that a seam is in the wrong place.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...pointDown(layers, 'src/', ''),
    ...pointDown(labLayers, 'lab/src/', 'lab-'),
    {
      name: 'program-knows-no-lab',
      comment: 'A robot installs the program alone.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^lab/' },
    },
    {
      name: 'only-ros-imports-rclnodejs',
      comment: 'Everything else must run where there is no ROS.',
      severity: 'error',
      from: { pathNot: '^src/ros/' },
      // Its types of messages describe fields, and cost nothing where it is not installed.
      to: { path: 'rclnodejs', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'page-knows-little',
      comment: 'What runs in a browser knows the protocol, words and units; the program does not know it.',
      severity: 'error',
      from: { path: '^src/dashboard/page/' },
      to: { path: '^src/', pathNot: '^src/(dashboard/(page/|protocol)|base/(quoted|units))' },
    },
    {
      name: 'program-knows-no-page',
      comment: 'It is bundled, and read as a file.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/dashboard/page/' },
      to: { path: '^src/dashboard/page/' },
    },
    {
      name: 'page-is-bundled',
      comment: 'What is bundled with the page is not installed on a robot.',
      severity: 'error',
      from: { path: '^src/dashboard/page/' },
      to: { path: 'node_modules/(?!(preact|uplot)/)' },
    },
    {
      name: 'declared-dependencies-only',
      comment: 'Each package has its own dependencies.',
      severity: 'error',
      from: { path: '^(src|lab/src)/', pathNot: '^src/dashboard/page/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    {
      name: 'core-is-pure',
      comment:
        'Networks and everything up to the agent know neither files nor processes nor logs; kernel and backbone have their doors.',
      severity: 'error',
      from: {
        path: '^src/(snn|sensing|classifier|timestep|accuracy|agent|fleet)/',
        pathNot:
          '^src/(snn/kernel-module|timestep/policy/policy-file|sensing/image/embedding/(backbone|prepared-models))',
      },
      to: { path: '^(pino|(node:)?(fs|child_process|os|process|worker_threads|net|http)(/|$))' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^((lab/)?dist|lab/src/bench/engine/probe)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};

/** Arrows point down only: cli, demo → ros, report → sweep, world → agent, data → readout → timestep, energy, accuracy,
 *  checkpoint, encoding → snn → base. A folder may import itself and every folder of a lower layer. */
const layers = [
  ['base'],
  ['snn'],
  ['timestep', 'energy', 'accuracy', 'checkpoint', 'encoding'],
  ['readout'],
  ['agent', 'data'],
  ['sweep', 'world'],
  ['ros', 'report'],
  ['cli', 'demo'],
];

const below = (level) => layers.slice(0, level).flat();

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means that two files are one idea, or that a seam is in the wrong place.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...layers.flatMap((folders, level) =>
      folders.map((folder) => ({
        name: `${folder}-points-down`,
        comment: `src/${folder} may import ${[folder, ...below(level)].join(', ')}.`,
        severity: 'error',
        from: { path: `^src/${folder}/` },
        to: { path: '^src/', pathNot: `^src/(${[folder, ...below(level)].join('|')})/` },
      })),
    ),
    {
      name: 'only-ros-imports-rclnodejs',
      comment: 'Everything else must run where there is no ROS.',
      severity: 'error',
      from: { pathNot: '^src/ros/' },
      to: { path: 'rclnodejs' },
    },
    {
      name: 'declared-dependencies-only',
      comment: 'The packaged program has only its dependencies.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    {
      name: 'core-is-pure',
      comment: 'snn, encoding, readout, timestep and accuracy know neither files nor processes nor logs.',
      severity: 'error',
      from: { path: '^src/(encoding|readout|timestep|accuracy)/' },
      to: { path: '^(pino|fs|node:fs|child_process|node:child_process|os|node:os)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/(snn/kernel|cli/bench/engine/probe)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};

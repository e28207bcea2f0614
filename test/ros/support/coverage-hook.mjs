// @ts-check
// Loaded with `--import`: at each SIGUSR2 the functions of the program that ran since the last one are written to the file
// that TOPSPARK_COVERAGE names, by their files.
import { writeFileSync, renameSync } from 'node:fs';
import { Session } from 'node:inspector';

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
let taken = 0;
process.on('SIGUSR2', () => {
  session.post('Profiler.takePreciseCoverage', (error, coverage) => {
    if (error) throw error;
    /** @type {Record<string, string[]>} */
    const files = {};
    for (const { url, functions } of coverage.result) {
      const file = /\/dist\/(.*)\.js$/.exec(url)?.[1];
      if (file === undefined || url.includes('node_modules')) continue;
      const ran = functions.filter(({ ranges }) => ranges[0].count > 0).map(({ functionName }) => functionName || '?');
      if (ran.length > 0) files[`src/${file}.ts`] = ran;
    }
    const path = process.env['TOPSPARK_COVERAGE'] ?? 'coverage.json';
    writeFileSync(`${path}.new`, JSON.stringify({ taken: ++taken, files }));
    renameSync(`${path}.new`, path);
  });
});

// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOnBrokenOutput } from './setup/outputs.mjs';
import { paths } from './setup/paths.mjs';

endOnBrokenOutput();

const usage = `Usage: node scripts/release-address.mjs ADDRESS [--check]

Writes where the project is kept into every file that names it: package.json and lab/package.json (repository, homepage,
bugs), package.xml and msgs/package.xml (url). With --check nothing is written: exit code 1 where one of them names
another address or none. npm's provenance needs \`repository\` to be the address of the forge that publishes.

Example:
  $ node scripts/release-address.mjs https://github.com/OWNER/topspark
`;

/** A file that names the address. @typedef {{ file: string, withAddress: (text: string, address: string) => string }} Place */

/** @type {readonly Place[]} */
const places = [
  { file: 'package.json', withAddress: (text, address) => inManifest(text, address) },
  { file: 'lab/package.json', withAddress: (text, address) => inManifest(text, address, 'lab') },
  { file: 'package.xml', withAddress: inPackageXml },
  { file: 'msgs/package.xml', withAddress: inPackageXml },
];

/**
 * @param {string} text - of a package.json
 * @param {string} address
 * @param {string} [directory] - of the package in the repository; the root if absent
 */
function inManifest(text, address, directory) {
  const repository = { type: 'git', url: `git+${address}.git`, ...(directory !== undefined && { directory }) };
  const named = { repository, homepage: `${address}#readme`, bugs: `${address}/issues` };
  const entries = Object.entries(JSON.parse(text)).filter(([name]) => !(name in named));
  const at = 1 + entries.findIndex(([name]) => name === 'license');
  const all = [...entries.slice(0, at), ...Object.entries(named), ...entries.slice(at)];
  return `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`;
}

/**
 * @param {string} text - of a package.xml
 * @param {string} address
 */
function inPackageXml(text, address) {
  const urls = [
    `  <url type="website">${address}</url>`,
    `  <url type="repository">${address}</url>`,
    `  <url type="bugtracker">${address}/issues</url>`,
  ];
  const without = text.replace(/^ *<url .*\n/gm, '');
  return without.replace(/^( *<license>.*<\/license>\n)/m, `$1${urls.join('\n')}\n`);
}

const [address, option, ...more] = process.argv.slice(2);
if (address === '--help' || address === '-h') {
  process.stdout.write(usage);
} else if (
  address === undefined ||
  !/^https:\/\/[^\s/]+\/[^\s]*[^\s/]$/.test(address) ||
  (option !== undefined && option !== '--check') ||
  more.length > 0
) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  for (const { file, withAddress } of places) {
    const path = join(paths.root, file);
    const text = readFileSync(path, 'utf8');
    const wanted = withAddress(text, address);
    if (option === undefined) writeFileSync(path, wanted);
    else if (text !== wanted) {
      const what = `${file} does not name ${address} as its repository`;
      process.stderr.write(`${what}: run node scripts/release-address.mjs ${address}, and commit it\n`);
      process.exitCode = 1;
    }
  }
}

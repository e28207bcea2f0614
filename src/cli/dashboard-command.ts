import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { Command } from 'commander';
import { renderUnicodeCompact } from 'uqr';
import { checkInteger, TopsparkError, reasonOf } from '../base/errors.js';
import { isLoopback } from '../dashboard/access.js';
import { DashboardServer, type DashboardSettings } from '../dashboard/dashboard-server.js';
import { pageFiles } from '../dashboard/page-files.js';
import { checkNodeName, number } from './options.js';

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly readOnly?: true;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

const examples = `
Examples:
  $ npx topspark dashboard
  $ npx topspark dashboard /robot1/topspark --port 8081 --read-only
  $ npx topspark dashboard --host 0.0.0.0 --tls-cert robot.pem --tls-key robot-key.pem
`;

/** `topspark dashboard`: a page of a running node, to watch and to teach it. */
export function dashboardCommand(): Command {
  return new Command('dashboard')
    .description('Serve a page on which a running node is watched and taught. Needs a sourced ROS 2.')
    .argument('[node]', 'full name of the node', '/topspark')
    .option('--port <number>', 'port of the page; 0: one that is free', number, 8080)
    .option(
      '--host <address>',
      'interface; any other than this machine requires the token that is printed',
      '127.0.0.1',
    )
    .option('--read-only', 'the page shows and changes nothing')
    .option('--tls-cert <file>', 'certificate in PEM, for HTTPS')
    .option('--tls-key <file>', 'its key in PEM')
    .addHelpText('after', examples)
    .action(run);
}

async function run(node: string, flags: Flags): Promise<void> {
  checkInteger('--port', flags.port, 0, 65_535);
  // ros2 launch appends ROS arguments; they end the name.
  checkNodeName(node);
  const { host } = flags;
  const settings: DashboardSettings = {
    ...{ host, port: flags.port, readOnly: flags.readOnly === true, tls: tlsOf(flags) },
    token: isLoopback(host) ? undefined : randomBytes(16).toString('base64url'),
  };
  const files = pageFiles();
  // Loaded here, since other commands run without ROS; the first import explains a missing ROS.
  await import('../node/ros-environment.js');
  const { DashboardNode } = await import('../ros/dashboard-node.js');
  const { onStopSignal } = await import('../node/signals.js');
  const watched = await DashboardNode.open(node);
  try {
    const stopped = new Promise<void>((resolve) => {
      onStopSignal(() => {
        resolve();
      });
    });
    const server = await DashboardServer.open(settings, files, watched);
    process.stdout.write(`${welcome(node, settings, server.port)}\n`);
    await stopped;
    await server.close();
  } finally {
    await watched.close();
  }
}

/** The addresses of the page as text; with a token also as a QR code for a phone's camera. */
function welcome(node: string, { host, token, tls, readOnly }: DashboardSettings, port: number): string {
  const scheme = tls === undefined ? 'http' : 'https';
  const names = host === '0.0.0.0' || host === '::' ? addresses() : [host];
  const end = token === undefined ? '' : `#${token}`;
  const urls = names.map((name) => `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}/${end}`);
  const what = `${node} is ${readOnly ? 'shown' : 'shown and taught'} at ${urls.join(' or ')}`;
  if (token === undefined) return what;
  const warning =
    tls === undefined ? 'Without --tls-cert, anyone who can read this network can read the token too.\n' : '';
  return `${what}\nAnyone with this address can do everything that the page can.\n${warning}${renderUnicodeCompact(urls[0])}`;
}

/** Addresses of this machine that others can reach. */
function addresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const others = all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address);
  return others.length > 0 ? others : ['127.0.0.1'];
}

function tlsOf({ tlsCert, tlsKey }: Flags): DashboardSettings['tls'] {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    const found = `only ${tlsCert === undefined ? '--tls-key' : '--tls-cert'} is given`;
    throw new TopsparkError('tls', 'usage', `${found}, expected --tls-cert and --tls-key together`);
  }
  return { cert: read('--tls-cert', tlsCert), key: read('--tls-key', tlsKey) };
}

function read(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new TopsparkError('tls', 'usage', `${option} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { longestName, type Json } from '../base/snapshot.js';
import { mostClassEdits } from '../classifier/class-edits.js';
import { cleanName } from '../classifier/class-roster.js';
import { mostClasses } from '../snn/network-shape.js';

// A manifest describes what a robot shares: robot, time, classes, how its sensors are read, and SHA-256 and size of
// every chunk. It is small; with it, others fetch only the chunks that they lack. It is sent as UTF-8 JSON. A signature
// is ed25519 (RFC 8032) over the same JSON without the signature.

/** Meaning of the numbers in chunks; chunks of another kernel are not read. */
export const fleetKernel = 'lean/1';

/** Limits of what is read from one robot. */
export const mostManifestBytes = 2 * 1024 * 1024;
export const mostChunks = 10_000;
export const mostChunkBytes = 128 * 1024;
export const mostContributionBytes = 64 * 1024 * 1024;
/** How far in the future a manifest may be dated [s]. */
export const mostAhead = 86_400;

const format = 1;
const robotPattern = /^[\w./-]{1,64}$/;
const hashPattern = /^[0-9a-f]{64}$/;

/** A chunk: SHA-256 of its bytes (hex), and their number. */
export interface ChunkEntry {
  readonly hash: string;
  readonly bytes: number;
}

/** A class that a robot knows. */
export interface SharedClass {
  readonly name: string;
  /** Labels of it that the robot itself has had. */
  readonly labels: number;
  /** Edits of this name that the robot knew when it taught the class again; they do not apply to it. */
  readonly despite?: readonly string[];
}

/** A class that was forgotten on purpose, or renamed. */
export interface SharedEdit {
  /** Identifies the edit in the whole fleet. */
  readonly id: string;
  readonly name: string;
  /** The new name; absent: the class was forgotten. */
  readonly to?: string;
}

/** What a robot shares. */
export interface Manifest {
  readonly format: 1;
  /** 1 to 64 letters, digits, `_`, `.`, `/` and `-`. */
  readonly robot: string;
  /** Grows with every export of the robot; the newest replaces older ones. An integer from 0. */
  readonly version: number;
  /** Seconds since 1970; shown to people, and not used for ordering. */
  readonly when: number;
  readonly kernel: string;
  readonly network: { readonly rows: number; readonly columns: number; readonly polarity: boolean };
  /** How its sensors are read, as in a checkpoint; null: not known. */
  readonly sensors: Json;
  readonly classes: readonly SharedClass[];
  readonly edits: readonly SharedEdit[];
  readonly chunks: readonly ChunkEntry[];
  /** Public key (32 bytes) and signature (64 bytes), base64; absent: unsigned. */
  readonly signature?: { readonly key: string; readonly value: string };
}

/** Robots that a receiver trusts. */
export interface Trust {
  /** Its own clock, seconds since 1970. */
  readonly now: number;
  /** Public keys of robots, base64. If they are given, other and unsigned manifests are refused. */
  readonly trusted?: ReadonlyMap<string, string>;
}

/** Causes of refusals of shared data. */
export const fleetCauses = [
  'fleet_manifest',
  'fleet_signature',
  'fleet_clock',
  'fleet_kernel',
  'fleet_network',
  'fleet_reading',
  'fleet_classes',
  'fleet_chunk',
  'fleet_too_large',
  'fleet_trial',
] as const;

/** One of {@link fleetCauses}. */
export type FleetCause = (typeof fleetCauses)[number];

/** Data of another robot that was refused, and why. */
export interface FleetRefusal {
  readonly robot: string;
  readonly cause: FleetCause;
  /** A sentence: found, expected, what to do. */
  readonly message: string;
}

/** Refuses data of a robot: found, expected, what to do. */
export function refuseShared(cause: FleetCause, robot: string, found: string, expected: string, cure: string): never {
  const message = `contribution of ${shownRobot(robot)}: ${found}, expected ${expected}; ${cure}`;
  throw new TopsparkError(cause, 'data', message);
}

const shownRobot = (robot: string): string => (robotPattern.test(robot) ? robot : quoted(robot));

/** SHA-256 (hex) of a chunk, or of an encoded manifest. */
export const chunkHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Encodes a manifest. The same manifest gives the same bytes. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  return Buffer.from(
    JSON.stringify({ ...inOrder(manifest), ...(manifest.signature && { signature: manifest.signature }) }),
  );
}

// The fields in one fixed order: the signed text.
function inOrder(manifest: Manifest): Omit<Manifest, 'signature'> {
  const { robot, version, when, kernel, network, sensors, classes, edits, chunks } = manifest;
  const { rows, columns, polarity } = network;
  return {
    format,
    robot,
    version,
    when,
    kernel,
    network: { rows, columns, polarity },
    sensors,
    classes: classes.map(({ name, labels, despite }) => ({ name, labels, ...(despite && { despite }) })),
    edits: edits.map(({ id, name, to }) => ({ id, name, ...(to !== undefined && { to }) })),
    chunks: chunks.map(({ hash, bytes }) => ({ hash, bytes })),
  };
}

/**
 * Signs a manifest.
 *
 * @param key - private, ed25519
 */
export function signManifest(manifest: Manifest, key: KeyObject): Manifest {
  const signed = inOrder(manifest);
  const value = sign(null, Buffer.from(JSON.stringify(signed)), key).toString('base64');
  return { ...signed, signature: { key: publicKeyOf(key), value } };
}

/**
 * The public part of a key as in a manifest: 32 bytes, base64.
 *
 * @throws {@link TopsparkError} `bad_key` where it is not ed25519
 */
export function publicKeyOf(key: KeyObject): string {
  if (key.asymmetricKeyType !== 'ed25519') {
    const found = key.asymmetricKeyType ?? key.type;
    throw new TopsparkError('bad_key', 'usage', `the key of the fleet is ${found}, expected ed25519`);
  }
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('base64');
}

/**
 * Reads a private key in PEM, as `openssl genpkey -algorithm ed25519` writes it.
 *
 * @throws {@link TopsparkError} `bad_key`
 */
export function readPrivateKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    const message =
      'the key of the fleet is no private key in PEM, expected what openssl genpkey -algorithm ed25519 writes';
    throw new TopsparkError('bad_key', 'usage', message, { cause });
  }
  publicKeyOf(key);
  return key;
}

/**
 * Reads an untrusted manifest.
 *
 * @throws {@link TopsparkError} with a {@link FleetCause} as code
 */
export function readManifest(bytes: Uint8Array, trust: Trust): Manifest {
  const unnamed = 'an unnamed robot';
  if (bytes.length > mostManifestBytes) {
    const found = `its manifest has ${bytes.length} bytes`;
    refuseShared('fleet_too_large', unnamed, found, `at most ${mostManifestBytes}`, 'share fewer neurons');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    refuseShared('fleet_manifest', unnamed, 'its manifest is no JSON', 'a manifest of a fleet', 'see who sends it');
  }
  const manifest = checkManifest(parsed);
  checkSignature(manifest, trust);
  if (manifest.when > trust.now + mostAhead) {
    const found = `it is dated ${dateOf(manifest.when)}`;
    refuseShared(
      'fleet_clock',
      manifest.robot,
      found,
      `${dateOf(trust.now)} or earlier`,
      'set the clock of one of both',
    );
  }
  return manifest;
}

const dateOf = (seconds: number): string => new Date(Math.min(seconds, 8.64e12) * 1000).toISOString();

function checkSignature(manifest: Manifest, { trusted }: Trust): void {
  const { robot, signature } = manifest;
  const bad = (found: string, expected: string, cure: string): never =>
    refuseShared('fleet_signature', robot, found, expected, cure);
  const known = trusted?.get(robot);
  if (trusted !== undefined && known === undefined)
    bad('no key is known of it', 'a trusted one', 'add its key to the fleet');
  if (signature === undefined) {
    if (trusted !== undefined) bad('it is unsigned', 'its signature', 'give that robot its key');
    return;
  }
  if (known !== undefined && signature.key !== known) {
    bad('it is signed with another key', `key ${known.slice(0, 12)}…`, 'see whose it is');
  }
  const signed = Buffer.from(JSON.stringify(inOrder(manifest)));
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(signature.key, 'base64').toString('base64url') };
  let right: boolean;
  try {
    right = verify(null, signed, createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(signature.value, 'base64'));
  } catch {
    right = false;
  }
  if (!right) bad('its signature does not match', 'that of its key', 'it was changed on its way; ask for it again');
}

type Table = Readonly<Record<string, unknown>>;
const isTable = (found: unknown): found is Table =>
  typeof found === 'object' && found !== null && !Array.isArray(found);
const isCount = (found: unknown, most = Number.MAX_SAFE_INTEGER): found is number =>
  Number.isSafeInteger(found) && (found as number) >= 0 && (found as number) <= most;
const isText = (found: unknown, most: number): found is string =>
  typeof found === 'string' && found !== '' && found.length <= most;
const isName = (found: unknown): found is string => isText(found, longestName) && cleanName(found) === found;

function checkManifest(found: unknown): Manifest {
  const fields = isTable(found) ? found : {};
  const robot = fields['robot'];
  const name = typeof robot === 'string' ? robot.slice(0, 200) : 'an unnamed robot';
  const need = (right: boolean, what: string, expected: string): void => {
    if (!right)
      refuseShared('fleet_manifest', name, `${what} of its manifest is wrong or missing`, expected, 'see who sends it');
  };
  const list = (field: string, most: number): readonly unknown[] => {
    const each = fields[field];
    const listed: readonly unknown[] = Array.isArray(each) ? each : [];
    need(Array.isArray(each), field, 'a list');
    if (listed.length > most) {
      refuseShared(
        'fleet_too_large',
        name,
        `its manifest lists ${listed.length} ${field}`,
        `at most ${most}`,
        'share less',
      );
    }
    return listed;
  };
  need(fields['format'] === format, 'format', String(format));
  need(typeof robot === 'string' && robotPattern.test(robot), 'robot', '1 to 64 letters, digits and _ . / -');
  need(isCount(fields['version']), 'version', 'an integer from 0');
  need(isCount(fields['when'], 8.64e12), 'when', 'seconds since 1970');
  need(isText(fields['kernel'], 64), 'kernel', 'a name');
  const network = fields['network'];
  need(
    isTable(network) &&
      isCount(network['rows'], 16384) &&
      isCount(network['columns'], 16384) &&
      typeof network['polarity'] === 'boolean',
    'network',
    'rows, columns and polarity',
  );
  need('sensors' in fields, 'sensors', 'how they are read, or null');
  const classes = list('classes', mostClasses);
  need(classes.every(isClass), 'classes', 'names of 1 to 256 characters, and labels');
  const names = new Set(classes.map((each) => (each as SharedClass).name));
  need(names.size === classes.length, 'classes', 'names of which none stands twice');
  need(list('edits', mostClassEdits).every(isEdit), 'edits', 'an id, a name, and what it is called since');
  const chunks = list('chunks', mostChunks);
  need(chunks.every(isEntry), 'chunks', `SHA-256 and 1 to ${mostChunkBytes} bytes of each`);
  const total = (chunks as readonly ChunkEntry[]).reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > mostContributionBytes) {
    refuseShared(
      'fleet_too_large',
      name,
      `its chunks have ${total} bytes`,
      `at most ${mostContributionBytes}`,
      'share less',
    );
  }
  const signature = fields['signature'];
  const signed = isTable(signature) && isText(signature['key'], 64) && isText(signature['value'], 128);
  need(signature === undefined || signed, 'signature', 'key and value in base64');
  const manifest = fields as unknown as Manifest;
  return { ...inOrder(manifest), ...(manifest.signature && { signature: manifest.signature }) };
}

function isClass(found: unknown): boolean {
  if (!isTable(found) || !isName(found['name']) || !isCount(found['labels'])) return false;
  const despite = found['despite'];
  if (despite === undefined) return true;
  return Array.isArray(despite) && despite.length <= mostClassEdits && despite.every((id) => isText(id, 128));
}

function isEdit(found: unknown): boolean {
  if (!isTable(found) || !isText(found['id'], 128) || !isName(found['name'])) return false;
  return found['to'] === undefined || (isName(found['to']) && found['to'] !== found['name']);
}

function isEntry(found: unknown): boolean {
  if (!isTable(found)) return false;
  const { hash, bytes } = found;
  return typeof hash === 'string' && hashPattern.test(hash) && isCount(bytes, mostChunkBytes) && bytes > 0;
}

// @ts-check
// Decodes the same bytes of event cameras as other libraries, compares every event, and times all of them.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadCodecs } from 'topspark/bag/codecs.js';
import { Random } from 'topspark/base/random.js';
import { columnOf, EventBatch, polarityOf, rowOf } from 'topspark/sensing/events/event-batch.js';
import { eventDecoder } from 'topspark/sensing/events/event-decoders.js';
import { thisMachine } from '../../dist/bench/engine/machine.js';
import { environmentsFolder, pythonEnvironment } from '../../dist/bench/python-environment.js';
import { readAedat4 } from '../../dist/datasets/events/aedat4-file.js';
import { markdownTable } from '../../dist/report/markdown-table.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const recordings = fileURLToPath(new URL('../../test/datasets/recordings/', import.meta.url));
const [width, height] = [1280, 720];
/** Bytes of a packet, as drivers send them. */
const packetSize = 65_536;

const usage = `node lab/bench/peers/events.mjs [options]
  Decodes the same bytes of event cameras as PyPI's evt3, expelliarmus and aedat, and compares every event.
  --events N        events made at random (4000000)
  --rounds N        times that each decodes them; the median counts (9)
  --seed N          (1)
  --environments F  where the virtual environment is made (lab/bench/peers/.venv)
  --json            one JSON object on standard output

Example:
  node lab/bench/peers/events.mjs --events 1000000
`;

const text = /** @param {string} value */ (value) => /** @type {const} */ ({ type: 'string', default: value });
const { values: given } = parseArgs({
  options: {
    events: text('4000000'),
    rounds: text('9'),
    seed: text('1'),
    environments: text(environmentsFolder),
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [wanted, rounds, seed] = [Number(given.events), Number(given.rounds), Number(given.seed)];
const sound = [wanted, rounds, seed].every((each) => Number.isSafeInteger(each) && each > 0);
if (given.help || !sound) {
  (given.help ? process.stdout : process.stderr).write(usage);
  process.exit(given.help ? 0 : 2);
}

/**
 * Events: their addresses, and times [µs].
 * @typedef {{ readonly address: Uint32Array, readonly time: Float64Array }} Events
 */

const python = pythonEnvironment(given.environments, 'events');
const folder = mkdtempSync(join(tmpdir(), 'topspark-events-'));
try {
  const words = evt3(wanted, new Random(seed), true);
  const raw = join(folder, 'all.raw');
  const events = writeRaw(raw, words);
  // expelliarmus 1.1.12 refuses files with external triggers, and adds 4096 µs too many whenever the lower half of the
  // time begins again. So its file has neither.
  const bare = join(folder, 'events.raw');
  writeRaw(bare, evt3(wanted, new Random(seed + 1), false));
  const streams = {
    evt3: bytesOf(words),
    libcaer_cmp: libcaerCmp(events),
    libcaer: libcaer(events),
    mono: mono(events),
  };
  const ours = Object.entries(streams).map(([encoding, bytes]) => timed(encoding, bytes, events));
  const codecs = await loadCodecs();
  const files = ['none', 'lz4', 'zstd'].map((way) => {
    const path = join(folder, `${way}.aedat4`);
    copyFileSync(join(recordings, `${way}.aedat4`), path);
    writeColumns(path, readAedat4(path, codecs));
    return path;
  });
  const args = [join(here, 'events_peer.py'), '--rounds', String(rounds), raw, bare, ...files];
  const lines = execFileSync(python, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 2] })
    .trim()
    .split('\n');
  const theirs = lines.map((line) => /** @type {Compared} */ (JSON.parse(line)));
  const result = { machine: thisMachine(), events: events.time.length, ours, theirs };
  process.stdout.write(given.json ? `${JSON.stringify(result)}\n` : table(ours, theirs));
  process.exitCode = ours.every(({ equal }) => equal) && theirs.every(({ equal }) => equal) ? 0 : 3;
} finally {
  rmSync(folder, { recursive: true });
}

/**
 * What another library read.
 * @typedef {{ file: string, library: string, events: number, equal: boolean, equalEvents: number, seconds: number }} Compared
 */

/**
 * Words of EVT 3.0 of all kinds: rows, single events, vectors of 12 and 8 columns, times, triggers.
 * @param {number} count
 * @param {Random} random
 * @param {boolean} all - with external triggers, and times beyond 4096 µs
 */
function evt3(count, random, all) {
  const words = new Uint16Array(4 * count + 16);
  let [at, events, time] = [0, 0, 4096];
  const put = (/** @type {number} */ kind, /** @type {number} */ rest) => (words[at++] = (kind << 12) | rest);
  put(8, 1);
  put(6, 0);
  while (events < count) {
    const later = Math.min(time + random.below(3), all ? Infinity : 8191);
    if (later >> 12 !== time >> 12) put(8, (later >> 12) & 0xfff);
    if (later !== time) put(6, later & 0xfff);
    time = later;
    put(0, random.below(height));
    switch (random.below(8)) {
      case 0:
        if (all) put(10, random.below(2));
        break;
      case 1:
      case 2:
      case 3:
        put(2, random.below(width) | (random.below(2) << 11));
        events++;
        break;
      default: {
        put(3, random.below(width - 32) | (random.below(2) << 11));
        for (const [kind, bits] of /** @type {const} */ ([
          [4, 12],
          [4, 12],
          [5, 8],
        ])) {
          const set = random.below(2 ** bits);
          put(kind, set);
          for (let rest = set; rest > 0; rest &= rest - 1) events++;
        }
      }
    }
  }
  return words.subarray(0, at);
}

/**
 * @param {Events} events
 * @returns {Uint8Array} 64 bits an event
 */
function libcaer({ address, time }) {
  const words = new Uint32Array(2 * time.length);
  address.forEach((place, k) => {
    words[2 * k] = 1 | (polarityOf(place) << 1) | (rowOf(place) << 2) | (columnOf(place) << 17);
    words[2 * k + 1] = time[k];
  });
  return bytesOf(words);
}

/** @param {Events} events */
function libcaerCmp({ address, time }) {
  const words = new Uint16Array(4 * time.length);
  let at = 0;
  address.forEach((place, k) => {
    words[at++] = (time[k] >> 12) & 0xfff;
    words[at++] = 0x1000 | (time[k] & 0xfff);
    words[at++] = 0x2000 | columnOf(place);
    words[at++] = 0x3000 | (polarityOf(place) << 11) | rowOf(place);
  });
  return bytesOf(words.subarray(0, at));
}

/** @param {Events} events */
function mono({ address, time }) {
  const words = new Uint32Array(2 * time.length);
  address.forEach((place, k) => {
    words[2 * k] = 1000 * time[k];
    words[2 * k + 1] = columnOf(place) | (rowOf(place) << 16) | (polarityOf(place) << 31);
  });
  return bytesOf(words);
}

/** @param {ArrayBufferView} view */
function bytesOf({ buffer, byteOffset, byteLength }) {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * @param {string} encoding
 * @param {Uint8Array} bytes
 * @returns {Events}
 */
function decoded(encoding, bytes) {
  const [address, time] = [new Uint32Array(2 * wanted + 64), new Float64Array(2 * wanted + 64)];
  let events = 0;
  const batch = new EventBatch(8192, (each) => {
    address.set(each.address.subarray(0, each.count), events);
    time.set(each.time.subarray(0, each.count), events);
    events += each.count;
  });
  decodePackets(encoding, bytes, batch);
  return { address: address.slice(0, events), time: time.slice(0, events) };
}

/**
 * @param {string} encoding
 * @param {Uint8Array} bytes
 * @param {EventBatch} batch
 */
function decodePackets(encoding, bytes, batch) {
  const decoder = eventDecoder(encoding);
  // A packet of libcaer_cmp begins at time 0 and states its time with each event here, so it may be cut at any event.
  for (let at = 0; at < bytes.length; at += packetSize) decoder.decode(bytes.subarray(at, at + packetSize), batch);
}

/**
 * Median time of one of our decoders, and whether it reads the events that the bytes were made of.
 * @param {string} encoding
 * @param {Uint8Array} bytes
 * @param {Events} events
 */
function timed(encoding, bytes, events) {
  const seconds = Array.from({ length: rounds }, () => {
    let sum = 0;
    const batch = new EventBatch(8192, ({ count }) => (sum += count));
    const begin = performance.now();
    decodePackets(encoding, bytes, batch);
    return sum === events.time.length ? (performance.now() - begin) / 1000 : NaN;
  }).sort((a, b) => a - b);
  const found = decoded(encoding, bytes);
  const equal = same(found.address, events.address) && same(found.time, events.time);
  return { encoding, bytes: bytes.length, events: found.time.length, equal, seconds: seconds[rounds >> 1] };
}

/**
 * @param {Uint32Array | Float64Array} a
 * @param {Uint32Array | Float64Array} b
 */
function same(a, b) {
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

/**
 * Writes a recording as Prophesee's tools do, and what topspark reads from it.
 * @param {string} path
 * @param {Uint16Array} words
 * @returns {Events}
 */
function writeRaw(path, words) {
  const head = `% evt 3.0\n% format EVT3;height=${height};width=${width}\n% geometry ${width}x${height}\n% end\n`;
  writeFileSync(path, Buffer.concat([Buffer.from(head), bytesOf(words)]));
  const events = decoded('evt3', bytesOf(words));
  writeColumns(path, events);
  return events;
}

/**
 * Writes what was read from `path`, for the comparison.
 * @param {string} path
 * @param {Events} events
 */
function writeColumns(path, { address, time }) {
  const parts = [
    Uint16Array.from(address, columnOf),
    Uint16Array.from(address, rowOf),
    Uint8Array.from(address, polarityOf),
    BigUint64Array.from(time, BigInt),
  ];
  writeFileSync(`${path}.columns`, Buffer.concat(parts.map(bytesOf)));
}

/**
 * @param {readonly ReturnType<typeof timed>[]} ours
 * @param {readonly Compared[]} theirs
 */
function table(ours, theirs) {
  const speed = (/** @type {number} */ events, /** @type {number} */ seconds) => (events / seconds / 1e6).toFixed(0);
  const rows = [
    ...ours.map(({ encoding, events, equal, seconds }) => {
      // All other encodings hold the events that were read from evt3, so evt3 has nothing to be compared with.
      const alike = encoding === 'evt3' ? '' : equal ? 'all, to what was encoded' : 'no';
      return [encoding, 'topspark', String(events), alike, speed(events, seconds)];
    }),
    ...theirs.map(({ file, library, events, equal, equalEvents, seconds }) => {
      const alike = equal ? 'all, to topspark' : `${equalEvents} to topspark`;
      return [basename(file), library, String(events), alike, file.endsWith('.raw') ? speed(events, seconds) : ''];
    }),
  ];
  return markdownTable(['encoding or file', 'read by', 'events', 'equal', 'million events a second'], rows);
}

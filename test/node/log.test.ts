import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consoleFormat } from '../../src/node/console-format.js';
import { createLog } from '../../src/node/log.js';

const line = { level: 'warn', name: 'robot1.topspark', time: 1_690_000_000_123, message: 'battery unknown' } as const;
const plainText = '[WARN] [1690000000.123000000] [robot1.topspark]: battery unknown';

describe('consoleFormat', () => {
  it('is the format of every ROS node', () => {
    expect(consoleFormat({}, false)(line)).toBe(`${plainText}\n`);
  });

  it('follows RCUTILS_CONSOLE_OUTPUT_FORMAT and keeps unknown tokens', () => {
    const format = String.raw`{name}\t{time_as_nanoseconds} {severity}: {message} {thing}`;
    const shown = consoleFormat({ RCUTILS_CONSOLE_OUTPUT_FORMAT: format }, false)(line);
    expect(shown).toBe('robot1.topspark\t1690000000123000000 WARN: battery unknown {thing}\n');
  });

  it.each([
    [undefined, true, true],
    [undefined, false, false],
    ['1', false, true],
    ['0', true, false],
  ])('colours with RCUTILS_COLORIZED_OUTPUT %s, on a terminal %s: %s', (asked, terminal, coloured) => {
    const shown = consoleFormat({ RCUTILS_COLORIZED_OUTPUT: asked }, terminal)(line);
    expect(shown).toBe(coloured ? `\u001b[33m${plainText}\u001b[0m\n` : `${plainText}\n`);
  });

  it.each([
    ['\u001b[2J', String.raw`\u001b[2J`],
    ['\u001b]0;mine\u0007', String.raw`\u001b]0;mine\u0007`],
    ['\u009b2J', String.raw`\u009b2J`],
    ['a\n[INFO] [1.0] [topspark]: forged', String.raw`a\n[INFO] [1.0] [topspark]: forged`],
    ['\u202egnp.exe', String.raw`\u202egnp.exe`],
    ['{severity} {name}', '{severity} {name}'],
  ])('shows %j in a message as one line without control characters', (text, shown) => {
    expect(consoleFormat({}, false)({ ...line, message: text })).toBe(
      `[WARN] [1690000000.123000000] [robot1.topspark]: ${shown}\n`,
    );
  });
});

describe('createLog', () => {
  let folder = '';
  let file = 0;
  const path = (): string => join(folder, 'log');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'topspark-'));
    file = openSync(path(), 'w');
  });
  afterEach(() => {
    closeSync(file);
    rmSync(folder, { recursive: true });
  });

  it('writes readable lines under the full name of the node, on /rosout without control characters', () => {
    const log = createLog('topspark', file, {});
    const rosout: string[] = [];
    log.name('/robot1/topspark');
    log.forwardTo((level, message) => rosout.push(`${level} ${message}`));
    log.logger.warn('class "a\u001b[2J\nb"');
    log.logger.debug('not at this level');
    expect(readFileSync(path(), 'utf8')).toMatch(
      /^\[WARN\] \[\d{10}\.\d{9}\] \[robot1\.topspark\]: class "a\\u001b\[2J\\nb"\n$/,
    );
    expect(rosout).toEqual([String.raw`warn class "a\u001b[2J\nb"`]);
  });

  it('writes JSON when TOPSPARK_LOG is json, whose texts have no control characters either', () => {
    const log = createLog('topspark', file, { TOPSPARK_LOG: 'json' });
    log.logger.error({ err: new Error('cause') }, 'class \u009b2J\u202e');
    const written = readFileSync(path(), 'utf8');
    expect(written).not.toMatch(/[\u007f-\u009f\u202e]/);
    expect(JSON.parse(written)).toMatchObject({ level: 50, msg: 'class \u009b2J\u202e', err: { message: 'cause' } });
  });

  it.runIf(existsSync('/dev/full'))('reports once on /rosout that the console cannot be written, and continues', () => {
    const full = openSync('/dev/full', 'w');
    const log = createLog('topspark', full, {});
    const rosout: string[] = [];
    log.forwardTo((level, message) => rosout.push(`${level} ${message}`));
    log.logger.info('first');
    log.logger.info('second');
    expect(rosout).toHaveLength(3);
    expect(rosout[0]).toMatch(/^error the log cannot be written to the console: ENOSPC.*; it goes to \/rosout alone$/);
    expect(rosout.slice(1)).toEqual(['info first', 'info second']);
    closeSync(full);
  });
});

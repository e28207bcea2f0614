import { pino, type Logger } from 'pino';

/** Level names of pino, which are ROS's too, in rising order. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Where a line goes besides stdout: /rosout, once there is a node. */
export type LogSink = (level: LogLevel, message: string) => void;

/** The logger of the process, and the way to have its lines on /rosout as well. */
export interface Log {
  readonly logger: Logger;
  /** From now on each line also goes to `sink`; `undefined` ends that. */
  forwardTo(sink: LogSink | undefined): void;
}

const metadata = Symbol.for('pino.metadata');

const levels: Readonly<Record<number, LogLevel>> = { 10: 'debug', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

/**
 * One logger for the whole process, writing from the first line: JSON, or one plain line each where stdout is a
 * terminal. Synchronous, so that no line is lost when the process ends.
 *
 * @param file - descriptor; standard output by default
 */
export function createLog(name: string, file = 1): Log {
  let sink: LogSink | undefined;
  const stdout = pino.destination({ dest: file, sync: true });
  const forward = {
    [metadata]: true as const,
    lastLevel: 0,
    lastMsg: '',
    lastTime: '',
    write(line: string): void {
      const level = levels[this.lastLevel] ?? 'fatal';
      stdout.write(process.stdout.isTTY ? plain(level, name, this.lastMsg) : line);
      sink?.(level, this.lastMsg);
    },
  };
  const logger = pino({ name, level: 'info', timestamp: pino.stdTimeFunctions.isoTime }, forward);
  return {
    logger,
    forwardTo(next) {
      sink = next;
    },
  };
}

/** ROS's numbers for levels (10 debug … 50 fatal) as pino's names. */
export function levelFromRos(level: number): LogLevel {
  if (level < 20) return 'debug';
  if (level < 30) return 'info';
  if (level < 40) return 'warn';
  return level < 50 ? 'error' : 'fatal';
}

/** An error in one line. */
export function describeError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s*\n\s*/g, '; ');
}

const plain = (level: LogLevel, name: string, message: string): string =>
  `[${level.toUpperCase()}] [${(Date.now() / 1000).toFixed(3)}] [${name}]: ${message}\n`;

import { printable } from '../base/quoted.js';

/** Level names of pino, which are ROS's too, in rising order. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** One line of the log before formatting. */
export interface ConsoleLine {
  readonly level: LogLevel;
  /** Name of the logger, as ROS writes it: `robot1.topspark`. */
  readonly name: string;
  /** System time [ms since 1970]. */
  readonly time: number;
  readonly message: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Default of rcutils. */
const standard = '[{severity}] [{time}] [{name}]: {message}';

/** Colours of rcutils: debug green, warnings yellow, errors red, fatal ones magenta. */
const colours: Readonly<Record<LogLevel, string>> = { debug: '32', info: '0', warn: '33', error: '31', fatal: '35' };

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', x1b: '\u001b' };

/**
 * Formats lines as ROS's own loggers do, by the same variables: RCUTILS_CONSOLE_OUTPUT_FORMAT with the tokens severity,
 * time, time_as_nanoseconds, name and message, and RCUTILS_COLORIZED_OUTPUT (1: colours, 0: none). Text from outside
 * stays on one line and cannot control a terminal.
 *
 * @param terminal - whether the lines go to one; decides about colours where no variable does
 */
export function consoleFormat(env: Environment, terminal: boolean): (line: ConsoleLine) => string {
  const given = env['RCUTILS_CONSOLE_OUTPUT_FORMAT'] ?? '';
  const template = (given === '' ? standard : given).replaceAll(/\\(n|r|t|x1b)/g, (_, name: string) => escapes[name]);
  const asked = env['RCUTILS_COLORIZED_OUTPUT'];
  const coloured = asked === undefined || asked === '' ? terminal : asked !== '0';
  return (line) => {
    const text = template.replaceAll(/\{(\w+)\}/g, (token, name: string) => values[name]?.(line) ?? token);
    const colour = colours[line.level];
    return coloured && colour !== '0' ? `\u001b[${colour}m${text}\u001b[0m\n` : `${text}\n`;
  };
}

const values: Readonly<Partial<Record<string, (line: ConsoleLine) => string>>> = {
  severity: ({ level }) => level.toUpperCase(),
  name: ({ name }) => printable(name),
  message: ({ message }) => printable(message),
  time: ({ time }) => `${Math.floor(time / 1000)}.${nanoseconds(time).slice(-9)}`,
  time_as_nanoseconds: ({ time }) => nanoseconds(time),
  // Positions in our source are of no use to a user, and rcutils leaves them empty as well.
  function_name: () => '',
  file_name: () => '',
  line_number: () => '0',
};

const nanoseconds = (milliseconds: number): string => `${BigInt(Math.floor(milliseconds)) * 1_000_000n}`;

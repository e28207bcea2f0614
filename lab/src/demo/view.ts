import type { Colors } from 'picocolors/types.js';
import { bar, halfBlocks, sparkline } from './glyphs.js';
import { stretches, type Figures } from './demo-tally.js';
import { grouped, percent, si } from 'topspark/base/units.js';

/** Width of a picture in the view [characters]; wider pictures are cut. */
const pictureWidth = 28;
const pictureHeight = 14;
/** Smallest terminal in which the whole view is drawn [characters]; in a smaller one the picture is left out. */
const wholeWidth = 80;
const wholeHeight = 23;

/** Inputs of the view beside the figures. */
export interface ViewFacts {
  /** Number of samples that the camera will show. */
  readonly samples: number;
  /** What the demo is waiting for; empty while it runs. */
  readonly waiting: string;
  /** Last warning of one of the processes; empty while there is none. */
  readonly warning: string;
  /** Size of the terminal [characters]. */
  readonly columns: number;
  readonly rows: number;
}

/**
 * The live view as lines. It needs 80 × 23 characters; in a smaller terminal the picture is left out.
 *
 * @param colors - of picocolors; with colours off, the text is the same without them
 */
export function viewLines(figures: Figures, facts: ViewFacts, colors: Colors): string[] {
  const width = Math.min(facts.columns, wholeWidth) - 1;
  const title = `${colors.bold('topspark')} learns while it runs: ROS 2 in, spikes, decisions out`;
  if (facts.waiting !== '') return [title, '', colors.dim(cut(facts.waiting, width)), ...warning(facts, colors, width)];
  const panel = panelLines(figures, colors);
  const whole = facts.columns >= wholeWidth && facts.rows >= wholeHeight;
  const body = whole ? beside(pictureLines(figures), panel) : panel;
  const { accuracy, timesteps } = figures.curves;
  const highest = Math.max(1, ...timesteps.filter((value) => !Number.isNaN(value)));
  const share = figures.sent / facts.samples;
  const progress = bar(share, stretches);
  return [
    title,
    '',
    ...body,
    '',
    ` accuracy  ${colors.green(sparkline(accuracy, 0, 1))}`,
    ` T         ${colors.cyan(sparkline(timesteps, 0, highest))}`,
    ` samples   ${progress}`,
    ` ${grouped(figures.sent)} of ${grouped(facts.samples)}${colors.dim('   Ctrl-C ends it')}`,
    ...warning(facts, colors, width),
  ];
}

function panelLines(figures: Figures, colors: Colors): string[] {
  const { status, mode, last } = figures;
  const line = (name: string, text: string): string => `${colors.dim(name.padEnd(10))}${text}`;
  const answer = last === undefined || last.label === '' ? '–' : last.label;
  const right = last !== undefined && last.label === last.truth;
  const verdict = last === undefined ? '' : right ? colors.green('  right') : colors.red(`  it was ${last.truth}`);
  const used = status?.energyUsed ?? NaN;
  const saved = status?.energySaved ?? NaN;
  const ratio = (used + saved) / used;
  const bounds = `${percent(status?.accuracyLow ?? NaN)} … ${percent(status?.accuracyHigh ?? NaN)}`;
  const [reason, more] = wrap(mode?.reason ?? '', 38);
  return [
    line('answer', colors.bold(answer) + verdict),
    '',
    line('accuracy', `${colors.bold(percent(figures.accuracy))} of the last 1000, by the truth`),
    line('estimate', `${percent(status?.accuracy ?? NaN)} (${bounds})`),
    line('', `from ${status?.accuracySamples ?? 0} labels; 80 % ${reached(figures.samplesTo80)}`),
    line('battery', `${bar(figures.charge, 20)} ${percent(figures.charge)}`),
    line(
      'mode',
      mode === undefined ? '–' : `${paint(mode.name, colors)}  T ${mode.timesteps}  E ${mode.events}  K ${mode.keep}`,
    ),
    line('', colors.dim(reason)),
    line('', colors.dim(more)),
    line('energy', `${si(used, 'J')} used, ${si(saved, 'J')} saved`),
    line('', Number.isFinite(ratio) ? `1/${ratio.toFixed(0)} of the unscaled network, T = 350` : ''),
    line('speed', `${Number.isNaN(figures.rate) ? '–' : figures.rate.toFixed(0)} decisions/s`),
    line('latency', `${si(status?.latencyP50 ?? NaN, 's')} median, ${si(status?.latencyP99 ?? NaN, 's')} p99`),
    line('neurons', `${status?.neuronsUsed ?? 0} of ${status?.neurons ?? 0} formed`),
  ];
}

function reached(samples: number | undefined): string {
  return samples === undefined ? 'not yet' : `at ${grouped(samples)}`;
}

function pictureLines({ picture }: Figures): string[] {
  const lines = picture === undefined ? [] : halfBlocks(picture);
  return Array.from({ length: pictureHeight }, (_, row) =>
    (lines[row] ?? '').slice(0, pictureWidth).padEnd(pictureWidth),
  );
}

function beside(left: readonly string[], right: readonly string[]): string[] {
  return left.map((line, row) => ` ${line}  ${right[row] ?? ''}`);
}

function paint(mode: string, colors: Colors): string {
  const paints: Readonly<Record<string, (text: string) => string>> = {
    FULL: colors.green,
    BALANCED: colors.cyan,
    SAVER: colors.yellow,
    CRITICAL: colors.red,
  };
  return colors.bold((paints[mode] ?? String)(mode));
}

function warning(facts: ViewFacts, colors: Colors, width: number): string[] {
  return facts.warning === '' ? [] : [colors.yellow(` ${cut(facts.warning, width - 1)}`)];
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Breaks a text between words into two lines; the second line is cut if needed. */
function wrap(text: string, width: number): [string, string] {
  if (text.length <= width) return [text, ''];
  const at = text.lastIndexOf(' ', width);
  return at <= 0 ? [cut(text, width), ''] : [text.slice(0, at), cut(text.slice(at + 1), width)];
}

import { markdownTable, short } from '../../report/markdown-table.js';
import type { Cell } from './cells.js';
import type { Growth } from './growth.js';
import type { EngineBenchResult } from './measure.js';

/** Formats the results as Markdown; its tables are aligned, so that they are readable on a terminal too. */
export function engineTables(result: EngineBenchResult): string {
  const { machine, dataset, quick } = result;
  const gib = (machine.memory / 2 ** 30).toFixed(0);
  const where = [
    `${machine.processor}, ${machine.cores} cores, ${gib} GiB; ${machine.system}; Node ${machine.node}`,
    `${machine.date}, commit ${machine.commit ?? 'unknown'}, load ${machine.load}; ${dataset}, plain intensities, one core`,
    ...(quick ? ['**quick: too few rounds to quote**'] : []),
  ];
  return [
    where.map((line) => `${line}  `).join('\n'),
    section('CPU time per sample [µs], median (range of the rounds)', cellTable(result.cells)),
    `In time over lean, in one run: ${ratios(result)}.\n`,
    section('Growth: cost = fixed + per unit · x [µs]', growthTable(result.growth)),
    section('Bounds of the machine', rooflineTable(result)),
    peakLine(result),
    section('Start, memory, size', otherTable(result)),
  ].join('\n');
}

function cellTable(cells: readonly Cell[]): string {
  const range = ({ median, low, high }: Cell['train']): string => `${short(median)} (${short(low)}–${short(high)})`;
  const rows = cells.map((cell) => [
    ...[String(cell.neurons), cell.name, range(cell.train), range(cell.infer)],
    ...[thousands(cell.operations.train.synapticEvents), thousands(cell.operations.infer.synapticEvents)],
  ]);
  return markdownTable(['N', 'way', 'training', 'inference', 'weights read (training)', '(inference)'], rows);
}

function ratios({ timedOverLean: { train, infer }, cells }: EngineBenchResult): string {
  const timed = cells.find(({ inTime }) => inTime);
  return `${train.toFixed(1)} (training) and ${infer.toFixed(1)} (inference), T ${timed?.timesteps} against T 35`;
}

function growthTable(growth: readonly Growth[]): string {
  const rows = growth.flatMap(({ of, way, unit, points, line }) =>
    (['train', 'infer'] as const).map((part) => {
      const [first, last] = [points[0], points.at(-1) ?? points[0]];
      const { fixed, perUnit, deviation } = line[part];
      const mode = part === 'train' ? 'training' : 'inference';
      const range = `${first.at} → ${last.at} ${unit}`;
      const costs = `${short(first[part])} → ${short(last[part])}`;
      return [of, way, mode, range, costs, short(fixed), perUnit.toPrecision(3), percent(deviation)];
    }),
  );
  return markdownTable(['of', 'way', 'mode', 'range', 'cost', 'fixed', 'per unit', 'farthest from the line'], rows);
}

function rooflineTable({ rooflines }: EngineBenchResult): string {
  const rows = rooflines.map((line) => [
    ...[line.name, line.mode, short(line.operationsPerSecond / 1e9), short(line.bytesPerSecond / 1e9)],
    ...[kib(line.range), short(line.bandwidth / 1e9), short(line.memoryBound), short(line.arithmeticBound)],
    ...[short(line.measured), line.bound, percent(line.reached)],
  ]);
  const bounds = ['by memory [µs]', 'by arithmetic [µs]', 'measured [µs]', 'bound', 'reached'];
  return markdownTable(['way', 'mode', 'Gop/s', 'GB/s', 'weights in', 'of GB/s there', ...bounds], rows);
}

function peakLine({ peak }: EngineBenchResult): string {
  const gigabytes = peak.bandwidth.map(({ bytes, bytesPerSecond }) => {
    return `${kib(bytes)} ${short(bytesPerSecond / 1e9)}`;
  });
  const loads = peak.bandwidth.map(({ bytesPerSecond }) => bytesPerSecond / 16 / peak.clock);
  return [
    `Clock ${(peak.clock / 1e9).toFixed(2)} GHz. Additions in 128-bit registers ${short(peak.additions / 1e9)} G/s`,
    `(${(peak.additions / 4 / peak.clock).toFixed(2)} instructions a cycle). Read and add, GB/s: ${gigabytes.join(', ')}`,
    `(${loads[0].toFixed(2)} loads of 16 bytes a cycle in the smallest, ${loads.at(-1)?.toFixed(2)} in the largest).\n`,
  ].join('\n');
}

function otherTable({ start, wholeSet, package: size }: EngineBenchResult): string {
  const { learned, learnSeconds, decided, decideSeconds, accuracy } = wholeSet;
  const right = `${percent(accuracy, 1)} right`;
  const rows = [
    [
      'import of the engine to its first decision',
      `${ms(start.firstDecision)} (CPU ${ms(start.firstDecisionCpu)})`,
      '100 ms',
    ],
    ['resident memory, N = 400, plain Node', `${(start.memory / 1e6).toFixed(0)} MB`, '90 MB'],
    [`${learned} learned, encoding included`, `${learnSeconds.toFixed(2)} s`, '2 s for 60000'],
    [`${decided} decided (${right}), encoding included`, `${decideSeconds.toFixed(2)} s`, '1 s for 10000'],
    ['npm package, packed, without data', size ? `${(size.packed / 1e6).toFixed(2)} MB` : 'no npm', '2 MB'],
  ];
  return markdownTable(['', 'measured', 'at most'], rows);
}

function section(title: string, body: string): string {
  return `### ${title}\n\n${body}`;
}

function ms(seconds: number): string {
  return `${(1000 * seconds).toFixed(0)} ms`;
}

function thousands(value: number): string {
  return `${short(value / 1000)} k`;
}

function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function kib(bytes: number): string {
  return bytes >= 2 ** 20 ? `${short(bytes / 2 ** 20)} MiB` : `${short(bytes / 2 ** 10)} KiB`;
}

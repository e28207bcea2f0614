import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import uPlot from 'uplot';
import type { SeenMoment } from './history.js';
import { hueOf } from './words.js';

const modeShades: Readonly<Record<string, number>> = { FULL: 1, BALANCED: 0.7, SAVER: 0.45, CRITICAL: 0.2 };

/** History since the page was opened: shares and timesteps as lines, answers and modes as stripes. */
export function Timeline({
  moments,
  names,
}: {
  readonly moments: readonly SeenMoment[];
  readonly names: readonly string[];
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const stripes = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const colours = getComputedStyle(box);
    const colour = (name: string): string => colours.getPropertyValue(name).trim();
    const made = new uPlot(optionsFor(box.clientWidth, colour), [[], [], [], [], [], []], box);
    plot.current = made;
    const watch = new ResizeObserver(() => {
      made.setSize({ width: box.clientWidth, height: plotHeight });
    });
    watch.observe(box);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, []);
  const last = moments.at(-1)?.time;
  useEffect(() => {
    const now = last ?? 0;
    plot.current?.setData([
      moments.map(({ time }) => time - now),
      moments.map(({ accuracy }) => percent(accuracy)),
      moments.map(({ accuracyHigh }) => percent(accuracyHigh)),
      moments.map(({ accuracyLow }) => percent(accuracyLow)),
      moments.map(({ battery }) => percent(battery)),
      moments.map(({ timesteps }) => timesteps),
    ]);
    if (stripes.current !== null) drawStripes(stripes.current, moments, names);
  }, [last]);
  return (
    <section class="card timeline" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Since this page was opened</h2>
      <canvas
        ref={stripes}
        class="stripes"
        role="img"
        aria-label="Answers in the colours of their classes, and below them the modes: the darker, the dearer"
      />
      <p class="quiet stripes-legend">
        {present(moments).map((name) => (
          <span key={name}>
            <span class="dot" style={{ background: hueOf(name, names) }} />
            <bdi>{name}</bdi>
          </span>
        ))}
        <span>below: the mode, the darker the dearer</span>
      </p>
      <div ref={place} class="plot" role="img" aria-label="Accuracy with bounds, battery and timesteps over time" />
      <p class="quiet stripes-legend">
        <span class="key accuracy">accuracy with bounds</span>
        <span class="key battery">battery</span>
        <span class="key steps">timesteps (right)</span>
      </p>
    </section>
  );
}

const plotHeight = 170;

/** Shortest time shown [s]. */
const leastSpan = 60;

/** Observed answers, in the order of their first occurrence. */
const present = (moments: readonly SeenMoment[]): string[] =>
  [...new Set(moments.map(({ answer }) => answer))].filter((answer) => answer !== '');

const percent = (share: number | null): number | null => (share === null ? null : 100 * share);

function optionsFor(width: number, colour: (name: string) => string): uPlot.Options {
  const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const points = { show: false };
  const share = { scale: 'share', points };
  return {
    width,
    height: plotHeight,
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { time: false, range: (_, low) => [Math.min(-leastSpan, low), 0] },
      share: { range: [0, 100] },
      steps: { range: (_, __, max) => [0, Math.max(40, max)] },
    },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map(timeText) },
      { ...axis, scale: 'share', values: (_, ticks) => ticks.map((tick) => `${tick} %`), size: 48 },
      { ...axis, scale: 'steps', side: 1, grid: { show: false }, values: (_, ticks) => ticks.map(String), size: 34 },
    ],
    series: [
      {},
      { ...share, stroke: colour('--accent'), width: 2 },
      { ...share, stroke: 'transparent' },
      { ...share, stroke: 'transparent' },
      { ...share, stroke: colour('--good'), width: 1.5, dash: [6, 4] },
      { scale: 'steps', points, stroke: colour('--warm'), width: 1.5 },
    ],
    bands: [{ series: [2, 3], fill: colour('--band') }],
  };
}

const timeText = (time: number): string => (time === 0 ? 'now' : time % 60 === 0 ? `${time / 60} min` : `${time} s`);

function drawStripes(canvas: HTMLCanvasElement, moments: readonly SeenMoment[], names: readonly string[]): void {
  const context = canvas.getContext('2d');
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((size) =>
    Math.round(size * Math.min(2, devicePixelRatio)),
  );
  if (context === null) return;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.clearRect(0, 0, width, height);
  const [first, last] = [moments.at(0)?.time ?? 0, moments.at(-1)?.time ?? 0];
  const span = Math.max(leastSpan, last - first);
  const ink = getComputedStyle(canvas).getPropertyValue('--ink');
  const x = (time: number): number => width * (1 - (last - time) / span);
  moments.forEach(({ time, answer, mode }, at) => {
    const from = x(time);
    const to = x(moments[at + 1]?.time ?? last + 0.5);
    if (answer !== '') {
      context.fillStyle = hueOf(answer, names);
      context.fillRect(from, 0, to - from + 0.5, 0.68 * height);
    }
    if (mode !== '') {
      context.globalAlpha = 0.75 * (modeShades[mode] ?? 0.1);
      context.fillStyle = ink;
      context.fillRect(from, 0.76 * height, to - from + 0.5, 0.24 * height);
      context.globalAlpha = 1;
    }
  });
}

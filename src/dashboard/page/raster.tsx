import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import type { SpikesView } from '../protocol.js';
import { count, hueOf } from './words.js';

/** Most rows; they show the neurons that fired first. */
const mostRows = 24;

/** Spikes of the last sample: one dot per spike, one row per neuron, in the colour of its class. */
export function Raster({
  spikes,
  names,
}: {
  readonly spikes: SpikesView | null;
  readonly names: readonly string[];
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const fired = firedBy(spikes);
  useEffect(() => {
    if (canvas.current !== null && spikes !== null) draw(canvas.current, spikes, fired, names);
  }, [spikes]);
  return (
    <section class="card raster" aria-labelledby="raster-title">
      <h2 id="raster-title">Who fires</h2>
      {spikes === null ? (
        <p class="quiet">No sample was shown yet.</p>
      ) : (
        <>
          <canvas
            ref={canvas}
            class="spikes"
            role="img"
            aria-label={`Spikes of the last sample over ${count(spikes.timesteps, 'timestep')}, a row a neuron`}
          />
          <p class="quiet stripes-legend">
            {fired.length === 0 && 'nobody fired'}
            {fired.slice(0, 8).map(({ neuron, label, spikes: many }) => (
              <span key={neuron}>
                <span class="dot" style={{ background: hueOf(label, names) }} />
                {neuron} <bdi>{label === '' ? 'no class yet' : label}</bdi> {count(many, 'spike')}
              </span>
            ))}
          </p>
        </>
      )}
    </section>
  );
}

interface Fired {
  readonly neuron: number;
  readonly label: string;
  spikes: number;
}

/** Neurons that fired, in the order of their first spike. */
function firedBy(spikes: SpikesView | null): Fired[] {
  const fired = new Map<number, Fired>();
  spikes?.neurons.forEach((neuron, at) => {
    const known = fired.get(neuron);
    if (known === undefined) fired.set(neuron, { neuron, label: spikes.labels[at] ?? '', spikes: 1 });
    else known.spikes++;
  });
  return [...fired.values()].slice(0, mostRows);
}

function draw(
  canvas: HTMLCanvasElement,
  { timesteps, steps, neurons }: SpikesView,
  fired: readonly Fired[],
  names: readonly string[],
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const scale = Math.min(2, devicePixelRatio);
  const [width, height] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.clearRect(0, 0, width, height);
  const rows = Math.max(6, fired.length);
  const [step, row] = [width / Math.max(1, timesteps), height / rows];
  const line = getComputedStyle(canvas).getPropertyValue('--line');
  context.fillStyle = line;
  fired.forEach((_, at) => {
    context.fillRect(0, (at + 0.5) * row, width, scale);
  });
  const size = Math.max(2 * scale, Math.min(0.8 * row, 0.8 * step, 9 * scale));
  neurons.forEach((neuron, at) => {
    const place = fired.findIndex((each) => each.neuron === neuron);
    if (place < 0) return;
    context.fillStyle = hueOf(fired[place].label, names);
    context.fillRect(((steps[at] ?? 1) - 0.5) * step - size / 2, (place + 0.5) * row - size / 2, size, size);
  });
}

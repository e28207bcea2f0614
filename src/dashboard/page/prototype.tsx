import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import type { PrototypesView } from '../protocol.js';
import { bytesOf } from './base64.js';

/** The neuron that best stands for a class, as a picture of its weights: dark where it expects nothing. */
export function Prototype({
  name,
  prototypes,
}: {
  readonly name: string;
  readonly prototypes: PrototypesView | null;
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const found = prototypes?.pictures.find((each) => each.name === name);
  const weights = found?.weights;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || weights === undefined || prototypes === null) return;
    const { rows, columns } = prototypes;
    context.canvas.width = columns;
    context.canvas.height = rows;
    const picture = context.createImageData(columns, rows);
    for (const [at, weight] of new Uint8Array(bytesOf(weights)).entries()) {
      picture.data.set([weight, weight, Math.min(255, weight + 24), 255], 4 * at);
    }
    context.putImageData(picture, 0, 0);
  }, [weights]);
  if (found === undefined) return <span class="prototype" aria-hidden="true" />;
  return (
    <canvas ref={canvas} class="prototype" role="img" aria-label={`What stands for ${name}: neuron ${found.neuron}`} />
  );
}

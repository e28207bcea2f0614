import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { pictureHeader, pictureKinds } from '../protocol.js';

/** The last pictures of the sensors, by the kind of the frame. */
export type Pictures = ReadonlyMap<number, ArrayBuffer>;

/** The newest picture of each kind. */
export function PicturesView({ pictures }: { readonly pictures: Pictures }): JSX.Element {
  if (pictures.size === 0) {
    return <p class="quiet picture-none">No picture: no camera or laser publishes now.</p>;
  }
  return (
    <div class="pictures">
      {[...pictures].map(([kind, frame]) => (
        <FrameView key={kind} frame={frame} />
      ))}
    </div>
  );
}

/** A binary frame of a sensor as a picture. */
export function FrameView({ frame }: { readonly frame: ArrayBuffer }): JSX.Element {
  const [kind] = new Uint8Array(frame);
  if (kind === pictureKinds.scan) return <Scan frame={frame} />;
  return kind === pictureKinds.light ? <Light frame={frame} /> : <Encoded frame={frame} />;
}

/** Distances between rings of a scan seen from above [m]; the smallest that gives few enough rings is used. */
const ringSteps = [0.5, 1, 2, 5, 10, 20];

function Scan({ frame }: { readonly frame: ArrayBuffer }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const extent = useRef(0);
  useEffect(() => {
    if (canvas.current !== null) extent.current = drawScan(canvas.current, frame, extent.current);
  }, [frame]);
  return <canvas ref={canvas} class="scan" role="img" aria-label="The laser scan seen from above; ahead is up" />;
}

/**
 * @param last - extent of the last drawing [m]
 * @returns the extent of this one
 */
function drawScan(canvas: HTMLCanvasElement, frame: ArrayBuffer, last: number): number {
  const [first, step, farthest] = new Float32Array(frame, pictureHeader, 3);
  const ranges = new Uint16Array(frame, pictureHeader + 12);
  const size = fit(canvas);
  const context = canvas.getContext('2d');
  if (context === null) return last;
  const style = getComputedStyle(canvas);
  const [ink, quiet, accent] = ['--ink', '--quiet', '--accent'].map((name) => style.getPropertyValue(name));
  // The distance that contains nearly all beams fills the picture; it changes slowly, to avoid flicker.
  const sorted = Array.from(ranges)
    .filter((range) => range > 0)
    .sort((a, b) => a - b);
  const reach = (sorted[Math.floor(0.97 * (sorted.length - 1))] ?? 100 * farthest) / 100;
  const wanted = Math.max(1, 1.1 * reach);
  const extent = last === 0 ? wanted : last + 0.15 * (wanted - last);
  const [centre, scale] = [size / 2, (size / 2 - 6) / extent];
  context.clearRect(0, 0, size, size);
  context.font = `${Math.round(size / 26)}px system-ui, sans-serif`;
  context.textAlign = 'left';
  const ring = ringSteps.find((each) => extent / each <= 4) ?? extent / 4;
  context.lineWidth = 1;
  for (let radius = ring; radius < extent; radius += ring) {
    context.strokeStyle = quiet;
    context.globalAlpha = 0.35;
    context.beginPath();
    context.arc(centre, centre, radius * scale, 0, 2 * Math.PI);
    context.stroke();
    context.globalAlpha = 1;
    context.fillStyle = quiet;
    context.fillText(`${radius} m`, centre + 4, centre - radius * scale - 3);
  }
  context.fillStyle = ink;
  const dot = Math.max(1.5, size / 170);
  for (const [beam, range] of ranges.entries()) {
    if (range === 0) continue;
    // In the sensor's frame x is ahead and y to the left; ahead is up.
    const angle = first + beam * step;
    const [x, y] = [(range / 100) * Math.cos(angle), (range / 100) * Math.sin(angle)];
    context.fillRect(centre - y * scale - dot / 2, centre - x * scale - dot / 2, dot, dot);
  }
  context.fillStyle = accent;
  const body = size / 34;
  context.beginPath();
  context.moveTo(centre, centre - 1.5 * body);
  context.lineTo(centre + body, centre + body);
  context.lineTo(centre, centre + 0.5 * body);
  context.lineTo(centre - body, centre + body);
  context.fill();
  return extent;
}

/** Matches the pixels of a canvas to the screen; returns its side [pixel]. */
function fit(canvas: HTMLCanvasElement): number {
  const size = Math.round(canvas.clientWidth * Math.min(2, devicePixelRatio));
  if (canvas.width !== size) canvas.width = canvas.height = size;
  return size;
}

function Light({ frame }: { readonly frame: ArrayBuffer }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const [width, height] = new Uint16Array(frame, pictureHeader, 2);
    const light = new Uint8Array(frame, pictureHeader + 4);
    if (context.canvas.width !== width) context.canvas.width = width;
    if (context.canvas.height !== height) context.canvas.height = height;
    const picture = context.createImageData(width, height);
    for (const [at, value] of light.entries()) picture.data.set([value, value, value, 255], 4 * at);
    context.putImageData(picture, 0, 0);
  }, [frame]);
  return <canvas ref={canvas} class="light" role="img" aria-label="The picture of the camera, in grey" />;
}

function Encoded({ frame }: { readonly frame: ArrayBuffer }): JSX.Element {
  const picture = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([new Uint8Array(frame, pictureHeader)]));
    if (picture.current !== null) picture.current.src = url;
    return () => {
      URL.revokeObjectURL(url);
    };
  }, [frame]);
  return <img ref={picture} class="light" alt="The picture of the camera" />;
}

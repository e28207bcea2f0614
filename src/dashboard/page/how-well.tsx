import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { PageView } from '../protocol.js';
import { count, inPercent, sentence } from './words.js';

/** How often answers are right, compared with the target. */
export function HowWell({
  view,
  setTarget,
  disabled,
}: {
  readonly view: PageView;
  readonly setTarget: (target: number) => void;
  readonly disabled: boolean;
}): JSX.Element {
  const { mode, status } = view;
  const current = mode === null ? null : Math.round(100 * mode.target);
  const [wanted, setWanted] = useState<number | undefined>();
  // Changes made elsewhere are shown at once.
  useEffect(() => {
    setWanted(undefined);
  }, [current]);
  const samples = status?.accuracySamples ?? 0;
  const { accuracy = null, accuracyLow: low = null, accuracyHigh: high = null } = mode ?? {};
  return (
    <section class="card how-well" aria-labelledby="how-well-title">
      <h2 id="how-well-title">How well</h2>
      {mode === null ? (
        <p class="quiet">Not known yet.</p>
      ) : (
        <>
          <p>
            <strong class="figure">{inPercent(accuracy, 1)}</strong>{' '}
            {accuracy === null ? (
              <span class="quiet">
                {mode.measure} unknown: it is estimated from samples drawn at random, and teaching does not draw at
                random
              </span>
            ) : (
              <span class="quiet">
                {mode.measure === 'recall' ? 'mean recall' : 'right'}, {inPercent(low, 1)} to {inPercent(high, 1)}{' '}
                surely, of {count(samples, 'labelled sample')}
                {mode.drift ? '; the world has changed' : ''}
              </span>
            )}
          </p>
          {mode.accuracyReason !== '' && <p class="quiet">{sentence(mode.accuracyReason)}</p>}
          <Bullet low={low} value={accuracy} high={high} target={mode.target} />
          <form
            class="row target"
            onSubmit={(event) => {
              event.preventDefault();
              if (wanted !== undefined) setTarget(wanted / 100);
            }}
          >
            <label for="target">Target</label>
            <input
              id="target"
              type="number"
              min={0}
              max={100}
              step={1}
              disabled={disabled}
              value={wanted ?? current ?? 0}
              onInput={(event) => {
                const { valueAsNumber } = event.currentTarget;
                setWanted(Number.isNaN(valueAsNumber) ? undefined : valueAsNumber);
              }}
            />
            <span>%</span>
            <button type="submit" class="plain" disabled={disabled || wanted === undefined || wanted === current}>
              Set
            </button>
          </form>
        </>
      )}
    </section>
  );
}

interface BulletProps {
  readonly low: number | null;
  readonly value: number | null;
  readonly high: number | null;
  readonly target: number;
}

/** A line from 0 to 100 %: bounds as a band, the estimate as a dot, the target as a mark. */
function Bullet({ low, value, high, target }: BulletProps): JSX.Element {
  const at = (share: number): number => 4 + 292 * share;
  return (
    <svg class="bullet" viewBox="0 0 300 34" role="img" aria-label={`Target ${inPercent(target)}`}>
      <line class="axis" x1={at(0)} x2={at(1)} y1={14} y2={14} />
      {low !== null && high !== null && <line class="band" x1={at(low)} x2={at(high)} y1={14} y2={14} />}
      {value !== null && <circle class="dot" cx={at(value)} cy={14} r={5} />}
      <line class="mark" x1={at(target)} x2={at(target)} y1={4} y2={24} />
      {[0, 0.5, 1].map((share) => (
        <text key={share} x={at(share)} y={33} text-anchor={share === 0 ? 'start' : share === 1 ? 'end' : 'middle'}>
          {inPercent(share)}
        </text>
      ))}
    </svg>
  );
}

import type { JSX } from 'preact';
import { si } from '../../base/units.js';
import type { Request, PageView } from '../protocol.js';
import { hours, inPercent, sentence } from './words.js';

const modes = ['AUTO', 'FULL', 'BALANCED', 'SAVER', 'CRITICAL'];

/** Energy use, and its reason. */
export function Spending({
  view,
  hoursLeft,
  joules,
  ask,
  disabled,
}: {
  readonly view: PageView;
  readonly hoursLeft: number | undefined;
  /** Total of the energy source since the page was opened [J]. */
  readonly joules: number;
  readonly ask: (request: Request) => void;
  readonly disabled: boolean;
}): JSX.Element {
  const { mode, status, decision } = view;
  return (
    <section class="card spending" aria-labelledby="spending-title">
      <h2 id="spending-title">What it spends</h2>
      {mode === null ? (
        <p class="quiet">Not known yet.</p>
      ) : (
        <>
          <div class="row">
            <label for="mode">Mode</label>
            <select
              id="mode"
              disabled={disabled}
              value={mode.forced ? mode.name : 'AUTO'}
              onChange={(event) => {
                ask({ do: 'mode', mode: event.currentTarget.value });
              }}
            >
              {modes.map((each) => (
                <option key={each} value={each}>
                  {each === 'AUTO' && !mode.forced ? `AUTO: ${mode.name}` : each}
                </option>
              ))}
            </select>
          </div>
          <p class="reason">
            {sentence(mode.reason)} {sentence(mode.pointReason)}
          </p>
          <dl>
            <dt>Battery</dt>
            <dd>
              {mode.battery === null ? (
                'not known'
              ) : (
                <>
                  <meter min={0} max={1} low={0.15} optimum={1} value={mode.battery} aria-label="Battery" />{' '}
                  {inPercent(mode.battery)}
                  {hoursLeft !== undefined && <span class="quiet">, {hours(hoursLeft)} at this rate</span>}
                </>
              )}
            </dd>
            <dt>
              <abbr title="timesteps / input events / neurons that read all events">T / E / K</abbr>
            </dt>
            <dd>
              {mode.timesteps} / {mode.events} / {mode.keep}
              {decision !== null && decision.timestepsRun < decision.timesteps && (
                <span class="quiet">, ended after {decision.timestepsRun}</span>
              )}
            </dd>
            <dt>Network</dt>
            <dd>
              {si(mode.energyPerSample ?? NaN, 'J')} a sample, {si(mode.power ?? NaN, 'W')}
              {status !== null && (
                <span class="quiet">
                  , {si(status.energyUsed, 'J')} so far, {si(status.energySaved, 'J')} saved
                </span>
              )}
            </dd>
            <dt>{mode.measured ? 'Machine' : 'Process'}</dt>
            <dd>
              {si(mode.sourcePower ?? NaN, 'W')}{' '}
              <span class="quiet">
                by {mode.source}, {mode.measured ? 'measured' : 'estimated'}; {si(joules, 'J')} since this page was
                opened
              </span>
            </dd>
            {status !== null && (
              <>
                <dt>CPU, memory</dt>
                <dd>
                  {inPercent(status.cpu, 1)} of a core, {Math.round(status.memory / 2 ** 20)} MiB
                </dd>
              </>
            )}
          </dl>
        </>
      )}
    </section>
  );
}

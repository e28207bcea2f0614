import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { FleetRobotView, FleetView } from '../protocol.js';
import { AskDialog } from './ask-dialog.js';
import { ago, count, inBytes, sentence } from './words.js';

/** Actions of the list of robots. */
export interface FleetCardProps {
  /** `null`: the node is in no fleet. */
  readonly fleet: FleetView | null;
  /** Settles when the node has answered. */
  readonly merge: () => Promise<unknown>;
  readonly forget: (name: string) => Promise<unknown>;
  readonly disabled: boolean;
}

/** The other robots of the fleet: what came from each, whether it is merged, and buttons to merge and to forget. */
export function FleetCard({ fleet, merge, forget, disabled }: FleetCardProps): JSX.Element | null {
  const [asked, setAsked] = useState<'merge' | FleetRobotView | undefined>();
  const [busy, setBusy] = useState(false);
  if (fleet === null) return null;
  const { robots } = fleet;
  const close = (): void => {
    setAsked(undefined);
  };
  const run = (work: Promise<unknown>): void => {
    setBusy(true);
    void work.finally(() => {
      setBusy(false);
    });
  };
  return (
    <section class="card classes fleet" aria-labelledby="fleet-title">
      <h2 id="fleet-title">
        Fleet <bdi>{fleet.name}</bdi>
      </h2>
      {robots.length === 0 ? (
        <p class="quiet">Nothing was heard of another robot yet.</p>
      ) : (
        <ul>
          {robots.map((each) => (
            <li key={each.name}>
              <span class="class-name">
                <bdi>{each.name}</bdi>
              </span>
              <span class="quiet facts">
                {stateOf(each)}; heard {ago(each.silent)}
                {each.note !== '' && (
                  <>
                    . <bdi>{sentence(each.note)}</bdi>
                  </>
                )}
              </span>
              <span class="row">
                <button
                  type="button"
                  class="plain small"
                  aria-label={`Forget robot ${each.name}`}
                  disabled={disabled || busy}
                  onClick={() => {
                    setAsked(each);
                  }}
                >
                  Forget
                </button>
              </span>
            </li>
          ))}
        </ul>
      )}
      <p class="quiet">
        This robot is <bdi>{fleet.robot}</bdi> and {fleet.version > 0 ? 'shares what it learned' : 'shares nothing yet'}
        . Received {inBytes(fleet.received)}, sent {inBytes(fleet.sent)}.
        {fleet.server !== '' && (
          <>
            {' '}
            Server: <bdi>{sentence(fleet.serverState)}</bdi>
          </>
        )}
      </p>
      {fleet.merge !== '' && (
        <p class="quiet">
          Last merge: <bdi>{sentence(fleet.merge)}</bdi>
        </p>
      )}
      <button
        type="button"
        class="plain"
        disabled={disabled || busy || !robots.some(({ held }) => held > 0)}
        onClick={() => {
          setAsked('merge');
        }}
      >
        {busy ? 'Working …' : 'Merge'}
      </button>
      {asked === 'merge' && (
        <AskDialog
          title="Merge what other robots learned?"
          yes="Merge"
          onClose={close}
          onYes={() => {
            run(merge());
          }}
        >
          <p>It is tried on this robot&apos;s own labelled samples first. The step before stays as a checkpoint.</p>
        </AskDialog>
      )}
      {asked !== undefined && asked !== 'merge' && (
        <AskDialog
          title={`Forget robot ${asked.name}?`}
          yes="Forget it"
          danger
          onClose={close}
          onYes={() => {
            run(forget(asked.name));
          }}
        >
          <p>
            What came from <bdi>{asked.name}</bdi> is taken back, and nothing of it is taken any more.
          </p>
        </AskDialog>
      )}
    </section>
  );
}

function stateOf({ offered, held, merged, chunks, chunksHeld, neurons }: FleetRobotView): string {
  const part = merged > 0 ? `merged, part of ${count(neurons, 'neuron')}` : 'not merged';
  if (held < offered) return `${part}; ${chunksHeld} of ${count(chunks, 'chunk')} are here`;
  if (held > merged) return `${part}; ${merged > 0 ? 'something newer' : 'everything'} is here`;
  return part;
}

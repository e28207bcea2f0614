import { render } from 'preact';
import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Request, PageView } from '../protocol.js';
import { Classes } from './classes.js';
import { Connection, type Line } from './connection.js';
import { FleetCard } from './fleet-card.js';
import { History } from './history.js';
import { HowWell } from './how-well.js';
import { PicturesView } from './picture.js';
import { Questions } from './questions.js';
import { Raster } from './raster.js';
import { Spending } from './spending.js';
import { Teach } from './teach.js';
import { Timeline } from './timeline.js';
import { hueOf, inPercent } from './words.js';

const nothing: PageView = {
  ...{ node: '', version: '', readOnly: false, silence: 'The robot is asked …', skipped: 0 },
  ...{ decision: null, mode: null, status: null, classes: [], lesson: null },
  ...{ spikes: null, prototypes: null, questions: [], fleet: null },
};

/** How long a message is shown [ms]. */
const messageStays = 12_000;

/** An answer is announced to screen readers once it has held this long [ms]. */
const answerSettles = 1500;

/** The switch keeps its position until the node reports its state [ms]: the mode is published once a second. */
const switchStays = 1500;

interface Message {
  readonly ok: boolean;
  readonly text: string;
}

function Page(): JSX.Element {
  const [line, setLine] = useState<Line>('connecting');
  const [message, setMessage] = useState<Message | undefined>();
  const [canTakeBack, setCanTakeBack] = useState(false);
  const [wanted, setWanted] = useState<boolean | undefined>();
  const [, redraw] = useReducer((turn: number) => turn + 1, 0);
  const state = useRef({ view: nothing, pictures: new Map<number, ArrayBuffer>(), history: new History() });
  const connection = useRef<Connection | undefined>(undefined);
  useEffect(() => {
    // Several changes between two frames are drawn once.
    let drawing = false;
    const draw = (): void => {
      if (drawing) return;
      drawing = true;
      requestAnimationFrame(() => {
        drawing = false;
        redraw(undefined);
      });
    };
    connection.current = new Connection({
      line: (now) => {
        if (now === 'lost') state.current.pictures.clear();
        setLine(now);
      },
      view: (changes) => {
        const { history } = state.current;
        state.current.view = { ...state.current.view, ...changes };
        history.note(performance.now() / 1000, state.current.view);
        draw();
      },
      picture: (frame) => {
        state.current.pictures.set(new Uint8Array(frame)[0] ?? 0, frame);
        draw();
      },
      warning: (text) => {
        setMessage({ ok: false, text });
      },
    });
  }, []);
  useEffect(() => {
    if (message === undefined) return undefined;
    const timer = setTimeout(() => {
      setMessage(undefined);
    }, messageStays);
    return () => {
      clearTimeout(timer);
    };
  }, [message]);

  useEffect(() => {
    if (wanted === undefined) return undefined;
    const timer = setTimeout(() => {
      setWanted(undefined);
    }, switchStays);
    return () => {
      clearTimeout(timer);
    };
  }, [wanted]);

  const { view, pictures, history } = state.current;
  const ask = async (request: Request): Promise<boolean> => {
    const reply = await connection.current?.ask(request);
    if (reply === undefined) return false;
    if (reply.message !== '') setMessage({ ok: reply.ok, text: reply.message });
    return reply.ok;
  };
  const trouble =
    line === 'refused'
      ? 'This address lacks the right token: open the one that topspark dashboard printed.'
      : line !== 'open'
        ? 'The dashboard cannot be reached; trying again.'
        : view.silence;
  const silent = trouble !== '';
  const disabled = silent || view.readOnly;
  const names = view.classes.map(({ name }) => name);
  return (
    <>
      <header>
        <h1>
          <span class="brand">topspark</span> <bdi class="node">{view.node}</bdi>
        </h1>
        <span class={`chip ${silent ? 'bad' : 'good'}`}>{silent ? 'not heard' : 'live'}</span>
        {view.mode !== null && !silent && <span class="chip">{view.mode.name}</span>}
        {view.mode?.battery != null && !silent && <span class="chip">battery {inPercent(view.mode.battery)}</span>}
        {view.readOnly && <span class="chip">read only</span>}
        <span class="spacer" />
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked={wanted ?? view.mode?.learning ?? false}
            disabled={disabled || view.mode === null}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              setWanted(on);
              void ask({ do: 'learning', on });
            }}
          />{' '}
          learning
        </label>
        <button type="button" class="plain" disabled={disabled} onClick={() => void ask({ do: 'save' })}>
          Save
        </button>
      </header>
      <div class="messages" role="status" aria-live="polite">
        {silent && <p class="message bad">{trouble}</p>}
        {message !== undefined && (
          <p class={`message ${message.ok ? 'good' : 'bad'}`}>
            <bdi>{message.text}</bdi>
          </p>
        )}
      </div>
      <main class={silent ? 'stale' : ''}>
        <div class="column">
          <section class="card seeing" aria-labelledby="seeing-title">
            <h2 id="seeing-title">What it sees</h2>
            <PicturesView pictures={pictures} />
            <Answer view={view} names={names} />
          </section>
          <HowWell view={view} disabled={disabled} setTarget={(target) => void ask({ do: 'target', target })} />
          <Raster spikes={view.spikes} names={names} />
          <Counts view={view} />
        </div>
        <div class="column">
          <Questions
            questions={view.questions}
            names={names}
            disabled={disabled}
            answer={(question, name) => void ask({ do: 'answer', question, name })}
          />
          <Teach
            view={view}
            disabled={disabled}
            canTakeBack={canTakeBack}
            begin={(name) => {
              setMessage(undefined);
              void ask({ do: 'teach', name }).then(setCanTakeBack);
            }}
            hold={() => void ask({ do: 'hold' })}
            end={() => void ask({ do: 'release' })}
            takeBack={() => {
              setCanTakeBack(false);
              void ask({ do: 'take_back' });
            }}
          />
          <Classes
            view={view}
            disabled={disabled}
            rename={(name, newName) => void ask({ do: 'rename', name, newName })}
            forget={(name) => void ask({ do: 'forget', name })}
          />
          <FleetCard
            fleet={view.fleet}
            disabled={disabled}
            merge={() => ask({ do: 'merge' })}
            forget={(name) => ask({ do: 'forget_robot', name })}
          />
          <Spending
            view={view}
            disabled={disabled}
            hoursLeft={history.hoursLeft}
            joules={history.joules}
            ask={(request) => void ask(request)}
          />
        </div>
        <Timeline moments={history.moments} names={names} />
      </main>
      <footer class="quiet">
        topspark {view.version}
        {view.skipped > 0 && `; ${view.skipped} frames were left out because the connection is slow`}
      </footer>
    </>
  );
}

function Answer({
  view: { decision },
  names,
}: {
  readonly view: PageView;
  readonly names: readonly string[];
}): JSX.Element {
  const { label = '', givenLabel = '', unknown = false } = decision ?? {};
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(label);
    }, answerSettles);
    return () => {
      clearTimeout(timer);
    };
  }, [label]);
  const share = decision === null || label === '' ? null : decision.confidence;
  return (
    <div class="answer">
      <strong style={{ color: label === '' ? undefined : 'var(--ink)' }}>
        <span class="dot" style={{ background: hueOf(label, names) }} />
        <bdi>{unknown ? 'unknown' : label === '' ? '(no answer)' : label}</bdi>
      </strong>
      <meter min={0} max={1} value={share ?? 0} aria-label="How sure" />
      <span class="quiet">
        {share !== null ? (
          `${inPercent(share)} sure`
        ) : unknown ? (
          <>
            of no named class; the most similar is <bdi>{givenLabel}</bdi>
          </>
        ) : (
          'knows nothing yet'
        )}
      </span>
      <span class="only-read" aria-live="polite">
        {settled === '' ? '' : `The answer is ${settled}`}
      </span>
    </div>
  );
}

function Counts({ view: { status } }: { readonly view: PageView }): JSX.Element | null {
  if (status === null) return null;
  return (
    <section class="card counts" aria-labelledby="counts-title">
      <h2 id="counts-title">Counts</h2>
      <dl>
        <dt>Messages taken</dt>
        <dd>{status.received.toLocaleString('en')}</dd>
        <dt>Decided</dt>
        <dd>{status.decided.toLocaleString('en')}</dd>
        <dt>Learned from</dt>
        <dd>{status.learned.toLocaleString('en')}</dd>
        <dt>Labels used</dt>
        <dd>{status.labelled.toLocaleString('en')}</dd>
        <dt>Neurons</dt>
        <dd>
          {status.neuronsUsed} of {status.neurons}
        </dd>
        {status.dropped.map(([cause, many]) => [
          <dt key={cause}>{cause.replaceAll('_', ' ')}</dt>,
          <dd key={`${cause} count`}>{many.toLocaleString('en')}</dd>,
        ])}
      </dl>
    </section>
  );
}

const place = document.getElementById('page');
if (place !== null) {
  place.textContent = '';
  render(<Page />, place);
}

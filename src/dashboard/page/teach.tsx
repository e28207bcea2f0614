import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { didYouMean } from '../../base/quoted.js';
import type { PageView } from '../protocol.js';
import { HoldButton } from './hold-button.js';
import { hueOf, inPercent } from './words.js';

/** Actions of the teaching part. */
export interface TeachProps {
  readonly view: PageView;
  readonly begin: (name: string) => void;
  readonly hold: () => void;
  readonly end: () => void;
  readonly takeBack: () => void;
  /** Whether something was taught that can be undone. */
  readonly canTakeBack: boolean;
  readonly disabled: boolean;
}

/** Enter in the field of a new name holds for this long [ms]. */
const enterHolds = 1000;

/** 'This is the kitchen': a button for each class with its votes, and a field for a new name. */
export function Teach(props: TeachProps): JSX.Element {
  const { view, disabled, begin, hold, end } = props;
  const { decision, classes, lesson } = view;
  const names = classes.map(({ name }) => name);
  const shares = votes(decision?.classes ?? [], decision?.scores ?? []);
  const [typed, setTyped] = useState('');
  const name = typed.trim().normalize('NFC');
  const hint = name === '' || names.includes(name) ? '' : didYouMean(name, names).replace(/^; d/, 'D');
  const busy = lesson !== null && !lesson.own;
  const teachNew = {
    begin: () => {
      begin(name);
    },
    hold,
    end: () => {
      end();
      setTyped('');
    },
  };
  return (
    <section class="card teach" aria-labelledby="teach-title">
      <h2 id="teach-title">Teach</h2>
      <p class="quiet">
        {names.length === 0
          ? 'It knows nothing yet. Type what it sees now, and hold the button for a moment.'
          : 'Hold the name of what it sees now. The bars are its votes.'}
      </p>
      <div class="names">
        {names.map((each) => {
          const share = shares.get(each) ?? 0;
          const taught = lesson?.name === each;
          const answered = decision?.label === each;
          return (
            <HoldButton
              key={each}
              class={`name${answered ? ' answered' : ''}${taught ? ' taught' : ''}`}
              style={{ '--share': String(share), '--hue': hueOf(each, names) }}
              disabled={disabled || busy}
              begin={() => {
                begin(each);
              }}
              hold={hold}
              end={end}
            >
              <span class="only-read">Hold to teach </span>
              <bdi>{each}</bdi>
              <span class="share" aria-hidden="true">
                {taught ? 'teaching …' : inPercent(share)}
              </span>
            </HoldButton>
          );
        })}
      </div>
      <form
        class="new-name"
        onSubmit={(event) => {
          event.preventDefault();
          if (name === '' || disabled || busy) return;
          teachNew.begin();
          setTimeout(teachNew.end, enterHolds);
        }}
      >
        <label for="new-name">New name</label>
        <input
          id="new-name"
          autocomplete="off"
          autocapitalize="none"
          dir="auto"
          maxLength={256}
          placeholder="kitchen"
          value={typed}
          disabled={disabled}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
        <HoldButton
          {...teachNew}
          class="primary"
          label={name === '' ? 'Hold to teach the new name' : `Hold to teach ${name}`}
          disabled={disabled || busy || name === ''}
        >
          Hold to teach
        </HoldButton>
      </form>
      {hint !== '' && <p class="hint">{hint}</p>}
      {busy && (
        <p class="hint">
          <bdi>{lesson.name}</bdi> is being taught on another page.
        </p>
      )}
      <button type="button" class="plain" disabled={disabled || !props.canTakeBack} onClick={props.takeBack}>
        Undo the last
      </button>
    </section>
  );
}

/** Share of each class in all votes, by name. */
function votes(classes: readonly string[], scores: readonly number[]): ReadonlyMap<string, number> {
  const positive = scores.map((score) => Math.max(0, score));
  const all = positive.reduce((sum, each) => sum + each, 0);
  return new Map(classes.map((name, at) => [name, all > 0 ? (positive[at] ?? 0) / all : 0]));
}

import { useMemo, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { QuestionView } from '../protocol.js';
import { bytesOf } from './base64.js';
import { FrameView } from './picture.js';
import { hueOf, inPercent } from './words.js';

const reasons: Readonly<Record<QuestionView['why'], string>> = {
  unsure: 'It is not sure. What was this?',
  unknown_group: 'It has met this before, and knows no name for it. What is it?',
  random_check: 'A random check, to measure how often it is right. What was this?',
};

/** Questions of the robot; an empty name skips one. */
export function Questions({
  questions,
  names,
  answer,
  disabled,
}: {
  readonly questions: readonly QuestionView[];
  readonly names: readonly string[];
  readonly answer: (question: string, name: string) => void;
  readonly disabled: boolean;
}): JSX.Element | null {
  if (questions.length === 0) return null;
  return (
    <section class="card questions" aria-labelledby="questions-title">
      <h2 id="questions-title" aria-live="polite">
        It asks
      </h2>
      {questions.map((each) => (
        <Question key={each.id} question={each} {...{ names, answer, disabled }} />
      ))}
    </section>
  );
}

function Question({
  question: { id, why, candidates, picture },
  names,
  answer,
  disabled,
}: {
  readonly question: QuestionView;
  readonly names: readonly string[];
  readonly answer: (question: string, name: string) => void;
  readonly disabled: boolean;
}): JSX.Element {
  const [typed, setTyped] = useState('');
  const frame = useMemo(() => (picture === '' ? undefined : bytesOf(picture)), [picture]);
  const name = typed.trim().normalize('NFC');
  return (
    <div class="question">
      {frame !== undefined && <FrameView frame={frame} />}
      <div>
        <p>{reasons[why]}</p>
        <div class="row">
          {candidates.map(([each, confidence]) => (
            <button
              key={each}
              type="button"
              class="plain"
              disabled={disabled}
              onClick={() => {
                answer(id, each);
              }}
            >
              <span class="dot" style={{ background: hueOf(each, names) }} />
              <bdi>{each}</bdi> <span class="quiet">{inPercent(confidence)}</span>
            </button>
          ))}
        </div>
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            if (name !== '') answer(id, name);
          }}
        >
          <input
            aria-label="Another name"
            placeholder="another name"
            autocomplete="off"
            dir="auto"
            maxLength={256}
            list={`names-${id}`}
            disabled={disabled}
            value={typed}
            onInput={(event) => {
              setTyped(event.currentTarget.value);
            }}
          />
          <datalist id={`names-${id}`}>
            {names.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
          <button type="submit" class="plain" disabled={disabled || name === ''}>
            Answer
          </button>
          <button
            type="button"
            class="plain"
            disabled={disabled}
            onClick={() => {
              answer(id, '');
            }}
          >
            Skip
          </button>
        </form>
      </div>
    </div>
  );
}

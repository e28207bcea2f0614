import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { ClassView, PageView } from '../protocol.js';
import { Prototype } from './prototype.js';
import { AskDialog } from './ask-dialog.js';
import { ago, count, hueOf } from './words.js';

/** Actions of the list of classes. */
export interface ClassesProps {
  readonly view: PageView;
  readonly rename: (name: string, newName: string) => void;
  readonly forget: (name: string) => void;
  readonly disabled: boolean;
}

/** The known classes, each of which can be renamed, merged or forgotten. */
export function Classes({ view, rename, forget, disabled }: ClassesProps): JSX.Element {
  const [asked, setAsked] = useState<{ readonly what: 'rename' | 'forget'; readonly of: ClassView } | undefined>();
  const { classes } = view;
  const names = classes.map(({ name }) => name);
  const close = (): void => {
    setAsked(undefined);
  };
  return (
    <section class="card classes" aria-labelledby="classes-title">
      <h2 id="classes-title">What it knows</h2>
      {classes.length === 0 ? (
        <p class="quiet">Nothing yet.</p>
      ) : (
        <ul>
          {classes.map((each) => (
            <li key={each.name}>
              <Prototype name={each.name} prototypes={view.prototypes} />
              <span class="class-name">
                <span class="dot" style={{ background: hueOf(each.name, names) }} />
                <bdi>{each.name}</bdi>
              </span>
              <span class="quiet facts">
                {count(each.labels, 'label')}, {count(each.neurons, 'neuron')}, seen {ago(each.seen)}
              </span>
              <span class="row">
                <button
                  type="button"
                  class="plain small"
                  aria-label={`Rename ${each.name}`}
                  disabled={disabled}
                  onClick={() => {
                    setAsked({ what: 'rename', of: each });
                  }}
                >
                  Rename
                </button>
                <button
                  type="button"
                  class="plain small"
                  aria-label={`Forget ${each.name}`}
                  disabled={disabled}
                  onClick={() => {
                    setAsked({ what: 'forget', of: each });
                  }}
                >
                  Forget
                </button>
              </span>
            </li>
          ))}
        </ul>
      )}
      {asked?.what === 'forget' && (
        <AskDialog
          title={`Forget ${asked.of.name}?`}
          yes="Forget it"
          danger
          onClose={close}
          onYes={() => {
            forget(asked.of.name);
          }}
        >
          <p>
            What {count(asked.of.labels, 'label')} taught it of <bdi>{asked.of.name}</bdi> is lost, and the loss is
            saved.
          </p>
        </AskDialog>
      )}
      {asked?.what === 'rename' && <Rename of={asked.of} classes={classes} rename={rename} onClose={close} />}
    </section>
  );
}

interface RenameProps {
  readonly of: ClassView;
  readonly classes: readonly ClassView[];
  readonly rename: ClassesProps['rename'];
  readonly onClose: () => void;
}

function Rename({ of, classes, rename, onClose }: RenameProps): JSX.Element {
  const [typed, setTyped] = useState(of.name);
  const name = typed.trim().normalize('NFC');
  const other = classes.find((each) => each.name === name && each.name !== of.name);
  return (
    <AskDialog
      title={`Rename ${of.name}`}
      yes={other === undefined ? 'Rename' : 'Merge them'}
      disabled={name === '' || name === of.name}
      onClose={onClose}
      onYes={() => {
        rename(of.name, name);
      }}
    >
      <label for="renamed">New name</label>
      <input
        id="renamed"
        autocomplete="off"
        dir="auto"
        maxLength={256}
        value={typed}
        list="renamed-names"
        onInput={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      <datalist id="renamed-names">
        {classes.map((each) => each.name !== of.name && <option key={each.name} value={each.name} />)}
      </datalist>
      {other !== undefined && (
        <p class="hint">
          There is <bdi>{other.name}</bdi> already, with {count(other.labels, 'label')}: the two are merged.
        </p>
      )}
    </AskDialog>
  );
}

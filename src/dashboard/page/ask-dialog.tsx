import { useEffect, useRef } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';

/** A question to confirm an action. */
export interface AskDialogProps {
  readonly title: string;
  /** Text of the confirming button. */
  readonly yes: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly children: ComponentChildren;
  readonly onYes: () => void;
  readonly onClose: () => void;
}

/** Asks for confirmation; Escape and Cancel close it without action. */
export function AskDialog({ title, yes, danger, disabled, children, onYes, onClose }: AskDialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onYes();
          dialog.current?.close();
        }}
      >
        <h2 id="dialog-title">{title}</h2>
        {children}
        <div class="row end">
          <button type="button" class="plain" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class={danger === true ? 'danger' : 'primary'} disabled={disabled}>
            {yes}
          </button>
        </div>
      </form>
    </dialog>
  );
}

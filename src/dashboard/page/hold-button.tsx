import { useEffect, useRef } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import { holdEvery } from '../protocol.js';

/** A click without a pointer or key, as from screen readers, holds for this long [ms]. */
const clickHolds = 1000;

/** Callbacks of a held button. */
export interface HoldProps {
  readonly begin: () => void;
  readonly hold: () => void;
  readonly end: () => void;
  readonly disabled?: boolean;
  readonly class?: string;
  /** Its name for screen readers, where that differs from its text. */
  readonly label?: string;
  readonly style?: Readonly<Record<string, string>>;
  readonly children: ComponentChildren;
}

/** A button that acts while it is held: by a pointer, by Space or Enter, or by a click of a screen reader. */
export function HoldButton({
  begin,
  hold,
  end,
  disabled = false,
  label,
  style,
  children,
  ...rest
}: HoldProps): JSX.Element {
  const timer = useRef<number | undefined>(undefined);
  const ends = useRef(end);
  ends.current = end;
  const stop = (): void => {
    if (timer.current === undefined) return;
    clearInterval(timer.current);
    timer.current = undefined;
    ends.current();
  };
  const start = (): void => {
    if (timer.current !== undefined || disabled) return;
    timer.current = window.setInterval(hold, holdEvery);
    begin();
  };
  // Removing the button releases it.
  useEffect(() => stop, []);
  return (
    <button
      type="button"
      class={rest.class}
      style={style}
      disabled={disabled}
      aria-label={label}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        start();
      }}
      onPointerUp={stop}
      onPointerCancel={stop}
      onLostPointerCapture={stop}
      onBlur={stop}
      onKeyDown={(event) => {
        if (event.key !== ' ' && event.key !== 'Enter') return;
        event.preventDefault();
        if (!event.repeat) start();
      }}
      onKeyUp={(event) => {
        if (event.key === ' ' || event.key === 'Enter') stop();
      }}
      onClick={(event) => {
        if (event.detail !== 0) return;
        start();
        setTimeout(stop, clickHolds);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
    >
      {children}
    </button>
  );
}

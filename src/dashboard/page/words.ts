/** A share 0..1 in percent; a dash while it is not known. */
export const inPercent = (share: number | null, digits = 0): string =>
  share === null ? '–' : `${(100 * share).toFixed(digits)} %`;

/** Age of an event [s], in words. */
export function ago(seconds: number | null): string {
  if (seconds === null) return 'not yet';
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${Math.round(seconds)} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

/** A count with its noun. */
export const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? '' : 's'}`;

/** A text of the node as a sentence. */
export const sentence = (text: string): string => (text === '' ? '' : `${text[0].toUpperCase()}${text.slice(1)}.`);

/** Hours and minutes. */
export function hours(time: number): string {
  if (time >= 100) return 'over 100 h';
  const minutes = Math.round(60 * time);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Hues of classes, in their order; readable on light and dark backgrounds. */
const hues = [
  '#3f8fd2',
  '#e07b39',
  '#2fa36b',
  '#b565c9',
  '#c9a227',
  '#d1495b',
  '#2aa5a0',
  '#8c7ae6',
  '#7d8b2f',
  '#c56b9f',
];

/** Colour of a class; grey for none. */
export function hueOf(name: string, names: readonly string[]): string {
  const at = names.indexOf(name);
  return at < 0 ? '#8a93a0' : hues[at % hues.length];
}

/** Bytes, in a unit that reads well. */
export function inBytes(many: number): string {
  if (many < 1000) return count(many, 'byte');
  return many < 1e6 ? `${(many / 1000).toFixed(0)} kB` : `${(many / 1e6).toFixed(1)} MB`;
}

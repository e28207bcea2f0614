import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { modeNames } from '../timestep/controller/modes.js';
import type { Request } from './protocol.js';

/** A request of a page, with its number. */
export interface Asked {
  readonly id: number;
  readonly request: Request;
}

/** Longest name of a class or a robot that is passed on [character]; the node has its own limit and error. */
const longestName = 1000;

/**
 * Parses the text of a request, which may come from anyone.
 *
 * @throws {@link TopsparkError} `request` with a sentence for its sender
 */
export function readRequest(text: string): Asked {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(`the request is ${quoted(text)}, expected JSON`);
  }
  if (typeof value !== 'object' || value === null) return refuse(`the request is ${quoted(text)}, expected an object`);
  const fields = value as Readonly<Record<string, unknown>>;
  const id = fields['id'];
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) return refuse('id is not a whole number above 0');
  return { id, request: requestOf(fields) };
}

function requestOf(fields: Readonly<Record<string, unknown>>): Request {
  const what = fields['do'];
  switch (what) {
    case 'hold':
    case 'release':
    case 'take_back':
    case 'save':
    case 'merge':
      return { do: what };
    case 'teach':
    case 'forget':
      return { do: what, name: nameIn(fields, 'name') };
    case 'forget_robot':
      return { do: what, name: nameIn(fields, 'name', 'a robot') };
    case 'answer': {
      const { question, name } = fields;
      if (typeof question !== 'string')
        return refuse('the question is not a text, expected the id of one that was shown');
      return { do: what, question, name: name === '' ? '' : nameIn(fields, 'name') };
    }
    case 'rename':
      return { do: what, name: nameIn(fields, 'name'), newName: nameIn(fields, 'newName') };
    case 'mode': {
      const modes = ['AUTO', ...modeNames];
      const { mode } = fields;
      if (typeof mode !== 'string' || !modes.includes(mode))
        return refuse(`the mode is not one of ${modes.join(', ')}`);
      return { do: what, mode };
    }
    case 'target': {
      const { target } = fields;
      if (typeof target !== 'number' || !(target >= 0 && target <= 1)) {
        return refuse('the target is not a number, expected 0..1');
      }
      return { do: what, target };
    }
    case 'learning': {
      const { on } = fields;
      if (typeof on !== 'boolean') return refuse('learning is neither on nor off, expected true or false');
      return { do: what, on };
    }
    default:
      return refuse(`the page asks for ${quoted(String(what))}, which is not a request of a dashboard`);
  }
}

function nameIn(fields: Readonly<Record<string, unknown>>, field: string, of = 'a class'): string {
  const name = fields[field];
  if (typeof name !== 'string') return refuse(`${field} is not a text, expected the name of ${of}`);
  if (name.trim() === '') return refuse(`the name is empty, expected the name of ${of}`);
  if (name.length > longestName)
    return refuse(`the name has ${name.length} characters, expected at most ${longestName}`);
  return name;
}

function refuse(message: string): never {
  throw new TopsparkError('request', 'data', message);
}

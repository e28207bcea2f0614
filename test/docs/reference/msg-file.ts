import { readdirSync, readFileSync } from 'node:fs';

/** One line of an interface file. */
export interface MessageField {
  readonly type: string;
  readonly name: string;
  /** Of a constant. */
  readonly value?: string;
  readonly comment: string;
}

/** A .msg, or one half of a .srv. */
export interface MessagePart {
  /** The comment at the head of the file. */
  readonly about: string;
  readonly fields: readonly MessageField[];
}

const folder = new URL('../../../msgs/', import.meta.url);

/** Every message of the package by its name, in alphabetical order. */
export const messages = (): ReadonlyMap<string, MessagePart> => parsed('msg', (text) => readPart(text));

/** Every service of the package by its name: request and response. */
export const services = (): ReadonlyMap<string, readonly [MessagePart, MessagePart]> =>
  parsed('srv', (text) => {
    const [request = '', response = ''] = text.split(/^---$/m);
    return [readPart(request), readPart(response)];
  });

function parsed<T>(kind: 'msg' | 'srv', read: (text: string) => T): Map<string, T> {
  const files = readdirSync(new URL(`${kind}/`, folder)).sort();
  return new Map(files.map((file) => [file.replace(`.${kind}`, ''), read(readFileSync(new URL(`${kind}/${file}`, folder), 'utf8'))]));
}

function readPart(text: string): MessagePart {
  const lines = text.split('\n').map((line) => line.trim());
  const first = lines.findIndex((line) => !line.startsWith('#'));
  const about = lines.slice(0, first).map((line) => line.replace(/^# ?/, ''));
  const fields = lines.slice(first).flatMap((line) => {
    const [code = '', ...comment] = line.split('#');
    const match = /^(\S+)\s+(\w+)(?:\s*=\s*(\S+))?\s*$/.exec(code);
    if (match === null) {
      if (code.trim() !== '') throw new Error(`line "${line}" is no field of a message`);
      return [];
    }
    const [, type, name, value] = match as unknown as [string, string, string, string?];
    return [{ type, name, ...(value !== undefined && { value }), comment: comment.join('#').trim() }];
  });
  return { about: about.join(' '), fields };
}

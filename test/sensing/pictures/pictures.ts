import { readFileSync } from 'node:fs';

/** Pictures as other software writes them (make.py says which), and the luminance at the centre of cells. */
interface PictureSet {
  readonly width: number;
  readonly height: number;
  /** Side of a cell [pixel]. */
  readonly cell: number;
  readonly pictures: readonly {
    readonly encoding: string;
    readonly bigEndian: boolean;
    readonly step: number;
    /** Base64. */
    readonly data: string;
    /** Mean luminance of each cell, 0..255. */
    readonly luminance: readonly number[];
  }[];
  readonly compressed: readonly {
    readonly name: string;
    readonly format: string;
    /** Base64. */
    readonly data: string;
    readonly luminance: readonly number[] | null;
    /** Base64 of the depth of each pixel [mm], 16 bits, the lower byte first; 0 where nothing was measured. */
    readonly depth: string | null;
  }[];
}

/** From pictures.json. */
export const pictureSet = JSON.parse(readFileSync(new URL('pictures.json', import.meta.url), 'utf8')) as PictureSet;

/** The bytes in base64. */
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

import type { ProfileResult } from '../profile/profile-result.js';
import type { ReceptiveFields } from '../training/receptive-fields.js';
import { escape } from './html.js';

type Field = ReceptiveFields['fields'][number];

/** Pictures of the weights that neurons have learned. */
export function receptiveFieldsChart({ receptiveFields: all }: ProfileResult): string {
  const { fields, formed, channels, rows, columns } = all;
  const colours = meanings[channels];
  const pictures = fields.map((field) => {
    const stands = field.label === '' ? 'no class' : `class ${field.label}`;
    const alt = escape(`Weights of neuron ${field.neuron}, which stands for ${stands}`);
    const image = bitmap(columns, rows, (row, column) => colour(all, field, row, column));
    return `<figure class="field"><img src="${image}" width="84" height="84" alt="${alt}"><figcaption>${escape(field.label || '–')}</figcaption></figure>`;
  });
  return `<section class="plot"><h3>Receptive fields</h3>
<p>${fields.length} of the ${formed} neurons that have formed, with the class that each stands for. ${colours}</p>
<div class="fields">${pictures.join('\n')}</div></section>`;
}

const meanings: Readonly<Record<ReceptiveFields['channels'], string>> = {
  1: 'The brighter, the larger the weight.',
  2: 'Orange: brighter than around it; blue: darker.',
  4: 'Edges. Orange: upright; green: rising to the right; blue: lying; violet: falling to the right.',
};

type Colour = readonly [red: number, green: number, blue: number];

function colour({ rows, columns, channels }: ReceptiveFields, { weights }: Field, row: number, column: number): Colour {
  const bytes = Buffer.from(weights, 'base64');
  const on = bytes[row * columns + column] ?? 0;
  if (channels === 1) return [on, on, on];
  const off = bytes[(rows + row) * columns + column] ?? 0;
  if (channels === 4) {
    const [lying = 0, falling = 0] = [2, 3].map((k) => bytes[(k * rows + row) * columns + column]);
    return [
      Math.min(255, 16 + on + 0.6 * falling),
      Math.min(255, 16 + 0.5 * on + off + 0.4 * lying),
      Math.min(255, 20 + lying + falling),
    ];
  }
  return [Math.min(255, 16 + on), 16 + 0.5 * on + 0.4 * off, Math.min(255, 20 + off)];
}

/** A picture as the data URL of a 24-bit bitmap. It needs no file, and every browser shows it. */
function bitmap(width: number, height: number, at: (row: number, column: number) => Colour): string {
  const head = 54;
  const stride = Math.ceil((3 * width) / 4) * 4;
  const file = Buffer.alloc(head + stride * height);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(head, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  // A negative height: rows from the top.
  file.writeInt32LE(-height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [red, green, blue] = at(row, column);
      file.set([blue, green, red], head + row * stride + 3 * column);
    }
  }
  return `data:image/bmp;base64,${file.toString('base64')}`;
}

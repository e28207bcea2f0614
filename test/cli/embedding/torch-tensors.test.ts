import { describe, expect, it } from 'vitest';
import { readTorchTensors } from '../../../src/cli/embedding/torch-tensors.js';

// Written by PyTorch 1.13.1: torch.save(OrderedDict(a.weight = arange(6.).reshape(2, 3), a.t = that transposed,
// b = [1.5, −2.25], n = 7), _use_new_zipfile_serialization=False)
const saved = Buffer.from(
  'gAKKCmz8nEb5IGqoUBkugAJN6QMugAJ9cQAoWBAAAABwcm90b2NvbF92ZXJzaW9ucQFN6QNYDQAAAGxpdHRsZV9lbmRpYW5xAohYCgAAAHR5cGVfc2l6' +
    'ZXNxA31xBChYBQAAAHNob3J0cQVLAlgDAAAAaW50cQZLBFgEAAAAbG9uZ3EHSwR1dS6AAmNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApxAClScQEoWAgA' +
    'AABhLndlaWdodHECY3RvcmNoLl91dGlscwpfcmVidWlsZF90ZW5zb3JfdjIKcQMoKFgHAAAAc3RvcmFnZXEEY3RvcmNoCkZsb2F0U3RvcmFnZQpxBVgO' +
    'AAAAOTQ1MzEzODYxNDM3MjhxBlgDAAAAY3B1cQdLBk50cQhRSwBLAksDhnEJSwNLAYZxColoAClScQt0cQxScQ1YAwAAAGEudHEOaAMoKGgEaAVYDgAA' +
    'ADk0NTMxNDA0NzI3NDI0cQ9oB0sGTnRxEFFLAEsDSwKGcRFLAUsDhnESiWgAKVJxE3RxFFJxFVgBAAAAYnEWaAMoKGgEaAVYDgAAADk0NTMxNDA0OTM1' +
    'OTIwcRdoB0sCTnRxGFFLAEsChXEZSwGFcRqJaAApUnEbdHEcUnEdWAEAAABucR5oAygoaARjdG9yY2gKTG9uZ1N0b3JhZ2UKcR9YDgAAADk0NTMxNDA3' +
    'NDcwNDQ4cSBoB0sBTnRxIVFLACkpiWgAKVJxInRxI1JxJHUugAJdcQAoWA4AAAA5NDUzMTM4NjE0MzcyOHEBWA4AAAA5NDUzMTQwNDcyNzQyNHECWA4A' +
    'AAA5NDUzMTQwNDkzNTkyMHEDWA4AAAA5NDUzMTQwNzQ3MDQ0OHEEZS4GAAAAAAAAAAAAAAAAAIA/AAAAQAAAQEAAAIBAAACgQAYAAAAAAAAAAAAAAAAA' +
    'gD8AAABAAABAQAAAgEAAAKBAAgAAAAAAAAAAAMA/AAAQwAEAAAAAAAAABwAAAAAAAAA=',
  'base64',
);

/** The file with one text of its pickle replaced by another of the same length. */
const changed = (from: string, to: string): Buffer => {
  const bytes = Buffer.from(saved);
  const at = bytes.indexOf(from);
  expect(at).toBeGreaterThan(0);
  bytes.write(to, at, 'latin1');
  return bytes;
};

describe('readTorchTensors', () => {
  it('reads float32 tensors in the order of their axes, and skips counters', () => {
    const tensors = readTorchTensors(saved);
    expect([...tensors].map(([name, { shape, values }]) => [name, shape, [...values]])).toEqual([
      ['a.weight', [2, 3], [0, 1, 2, 3, 4, 5]],
      ['a.t', [3, 2], [0, 3, 1, 4, 2, 5]],
      ['b', [2], [1.5, -2.25]],
    ]);
  });

  it('refuses a pickle that calls anything but constructors of tensors', () => {
    expect(() => readTorchTensors(changed('collections\nOrderedDict', 'subprocess1\nOrderedDict'))).toThrow(
      'its pickle calls "subprocess1 OrderedDict": only tensors are allowed',
    );
    expect(() => readTorchTensors(changed('_rebuild_tensor_v2', '_rebuild_tensor_v3'))).toThrow('_rebuild_tensor_v3');
  });

  it('refuses an unneeded instruction, another kind of storage and another file format', () => {
    expect(() => readTorchTensors(changed('}q', 'iq'))).toThrow('its pickle has the instruction "i"');
    expect(() => readTorchTensors(changed('FloatStorage', 'ShortStorage'))).toThrow('not of float32 or int64');
    expect(() => readTorchTensors(Buffer.from('PK\x03\x04 a newer file'))).toThrow(/./);
  });

  it('refuses a file truncated anywhere', () => {
    for (let length = 0; length < saved.length; length++) {
      expect(() => readTorchTensors(saved.subarray(0, length))).toThrow(/./);
    }
  });
});

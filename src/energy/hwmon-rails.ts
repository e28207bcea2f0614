import { join } from 'node:path';
import type { Rail } from './rail-meter.js';
import { devices, entries, numberIn, optionalNumber, textOf } from './sysfs.js';

// Power monitors in the kernel's hwmon: one folder per chip, with the name of the chip in the file `name`, and
//
//   powerN_input [µW], powerN_label             INA219, 226, 230, 231, 238, 260 and others of the family
//   inN_input [mV], currN_input [mA], inN_label INA3221, three channels: P = U · I
//
// A channel that is switched off has 0 in inN_enable. In an INA3221, in4 and up are shunt voltages, curr4 is a sum.
// Source: Linux kernel, Documentation/hwmon/sysfs-interface.rst, ina2xx.rst, ina3221.rst.

/** Lists the rails of all power monitors, labelled by the board or, without a label, by chip and channel. */
export function hwmonRails(sysfs: string): Rail[] {
  return devices(sysfs, 'class/hwmon').flatMap(({ path, name }) => {
    if (!/^ina\d/i.test(name)) return [];
    const files = entries(path);
    // Both families of chips average over this time.
    const milliseconds = optionalNumber(join(path, 'update_interval')) ?? 0;
    const averaging = milliseconds > 0 && { interval: milliseconds / 1000 };
    const direct = channels(files, /^power(\d+)_input$/).map((channel) => {
      const file = join(path, `power${channel}_input`);
      return { label: labelOf(path, 'power', channel, name), power: () => numberIn(file) * 1e-6, ...averaging };
    });
    if (direct.length > 0) return direct;
    return channels(files, /^curr([123])_input$/).flatMap((channel) => {
      const [voltage, current] = [join(path, `in${channel}_input`), join(path, `curr${channel}_input`)];
      const off = optionalNumber(join(path, `in${channel}_enable`)) === 0;
      if (off || !files.includes(`in${channel}_input`)) return [];
      const label = labelOf(path, 'in', channel, name);
      return [{ label, power: () => numberIn(voltage) * numberIn(current) * 1e-6, ...averaging }];
    });
  });
}

function channels(files: readonly string[], pattern: RegExp): string[] {
  return files.flatMap((file) => pattern.exec(file)?.[1] ?? []);
}

function labelOf(path: string, kind: string, channel: string, chip: string): string {
  return textOf(join(path, `${kind}${channel}_label`)) ?? `${chip}:${channel}`;
}

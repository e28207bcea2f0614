import { join } from 'node:path';
import type { Rail } from './rail-meter.js';
import { devices, entries, numberIn, optionalNumber, textOf } from './sysfs.js';

// Power monitors in the kernel's industrial I/O: one folder per device, with
//
//   in_powerN_raw, in_powerN_scale   P = raw · scale [mW]
//   in_powerN_input                  [mW]; Jetson Nano, TX1, TX2, with their labels in rail_name_N
//
// Source: Linux kernel, Documentation/ABI/testing/sysfs-bus-iio; NVIDIA, Jetson Linux developer guide 32.1, power
// monitor.

/** Lists the rails of all power monitors, labelled by the board or, without a label, by device and channel. */
export function iioRails(sysfs: string): Rail[] {
  return devices(sysfs, 'bus/iio/devices').flatMap(({ path, name }) =>
    entries(path).flatMap((file) => {
      const found = /^in_power(\d*)_(input|raw)$/.exec(file);
      if (!found) return [];
      const [, channel, kind] = found;
      const label =
        textOf(join(path, `rail_name_${channel}`)) ??
        textOf(join(path, `in_power${channel}_label`)) ??
        `${name}:${channel}`;
      const at = join(path, file);
      if (kind === 'input') return [{ label, power: () => numberIn(at) * 1e-3 }];
      const scale =
        optionalNumber(join(path, `in_power${channel}_scale`)) ?? optionalNumber(join(path, 'in_power_scale'));
      return [{ label, power: () => numberIn(at) * (scale ?? 1) * 1e-3 }];
    }),
  );
}

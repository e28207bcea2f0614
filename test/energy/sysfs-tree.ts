import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder with the files that the kernel shows for some hardware. The hardware itself is not available here. */
export class SysfsTree {
  readonly root = mkdtempSync(join(tmpdir(), 'topspark-sysfs-'));

  constructor(files: Readonly<Record<string, string | number>> = {}) {
    this.write(files);
  }

  write(files: Readonly<Record<string, string | number>>): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${content}\n`);
    }
  }

  /** Removes a file or a folder. */
  remove(name = ''): void {
    rmSync(join(this.root, name), { recursive: true, force: true });
  }

  /** A file that exists and cannot be read by anybody: a folder in its place, since root reads every file. */
  block(name: string): void {
    this.remove(name);
    mkdirSync(join(this.root, name), { recursive: true });
  }
}

/** One package with its parts, as an Intel laptop shows them. */
export const rapl = (energy = 1_000_000, range = 262_143_328_850): Record<string, string | number> => ({
  'class/powercap/intel-rapl/enabled': 1,
  'class/powercap/intel-rapl:0/name': 'package-0',
  'class/powercap/intel-rapl:0/energy_uj': energy,
  'class/powercap/intel-rapl:0/max_energy_range_uj': range,
  'class/powercap/intel-rapl:0:0/name': 'core',
  'class/powercap/intel-rapl:0:0/energy_uj': 77,
  'class/powercap/intel-rapl:0:0/max_energy_range_uj': range,
  'class/powercap/intel-rapl:0:1/name': 'dram',
  'class/powercap/intel-rapl:0:1/energy_uj': 500_000,
  'class/powercap/intel-rapl:0:1/max_energy_range_uj': 65_712_999_613,
  'class/powercap/intel-rapl:1/name': 'psys',
  'class/powercap/intel-rapl:1/energy_uj': 9,
  'class/powercap/intel-rapl:1/max_energy_range_uj': range,
  'class/powercap/intel-rapl-mmio:0/name': 'package-0',
  'class/powercap/intel-rapl-mmio:0/energy_uj': energy,
  'class/powercap/intel-rapl-mmio:0/max_energy_range_uj': range,
});

/** Counter of the package. */
export const packageCounter = 'class/powercap/intel-rapl:0/energy_uj';

/** The three channels of a Jetson Orin Nano's INA3221: 5 V · 1.2 A = 6 W in. */
export const jetson: Readonly<Record<string, string | number>> = {
  'class/hwmon/hwmon0/name': 'cpu_thermal',
  'class/hwmon/hwmon0/temp1_input': 45_000,
  'class/hwmon/hwmon1/name': 'ina3221',
  'class/hwmon/hwmon1/in1_label': 'VDD_IN',
  'class/hwmon/hwmon1/in1_input': 5000,
  'class/hwmon/hwmon1/in1_enable': 1,
  'class/hwmon/hwmon1/curr1_input': 1200,
  'class/hwmon/hwmon1/in2_label': 'VDD_CPU_GPU_CV',
  'class/hwmon/hwmon1/in2_input': 5000,
  'class/hwmon/hwmon1/curr2_input': 400,
  'class/hwmon/hwmon1/in3_label': 'VDD_SOC',
  'class/hwmon/hwmon1/in3_input': 5000,
  'class/hwmon/hwmon1/curr3_input': 200,
  'class/hwmon/hwmon1/in4_input': 60,
  'class/hwmon/hwmon1/curr4_input': 1800,
  'class/hwmon/hwmon1/in7_label': 'sum of shunt voltages',
  'class/hwmon/hwmon1/in7_input': 90,
};

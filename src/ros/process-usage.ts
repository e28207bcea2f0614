import type { ProcessUsage } from './output-messages.js';

/** Measures what this process uses, from one call to the next. */
export class ProcessMeter {
  #time = process.hrtime.bigint();
  #used = process.cpuUsage();

  /** CPU share since the last call, and memory now. */
  read(): ProcessUsage {
    const time = process.hrtime.bigint();
    const used = process.cpuUsage();
    const elapsed = Number(time - this.#time) / 1000;
    const busy = used.user + used.system - this.#used.user - this.#used.system;
    this.#time = time;
    this.#used = used;
    return { cpu: elapsed > 0 ? busy / elapsed : 0, memory: process.memoryUsage.rss() };
  }
}

import type { News, NodeView, Outcome, TaughtSample, Watched } from '../../src/dashboard/watched-node.js';

/** A node that does what a test says. The real one is tested over ROS 2, in test/ros. */
export class StandInNode implements Watched {
  readonly node = '/topspark';
  readonly asked: string[] = [];
  looking = false;
  view: Partial<NodeView> = { silence: '' };
  pictures: Uint8Array[] = [];
  taught: TaughtSample[] = [];
  #end: (() => void) | undefined;

  look(on: boolean): void {
    this.looking = on;
  }

  poll(): News {
    const news = { view: this.view, pictures: this.pictures, taught: this.taught };
    this.view = {};
    this.pictures = [];
    this.taught = [];
    return news;
  }

  teach(name: string, seconds: number): Promise<Outcome & { readonly samples: number }> {
    this.asked.push(`teach ${name}`);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end?.(), 1000 * seconds);
      this.#end = () => {
        clearTimeout(timer);
        resolve({ ok: true, samples: 3, message: '' });
      };
    });
  }

  endTeaching(): void {
    this.asked.push('end');
    this.#end?.();
  }

  takeBack(samples: readonly TaughtSample[]): void {
    this.asked.push(`take back ${samples.length}`);
  }

  rename(name: string, newName: string): Promise<Outcome> {
    return this.#done(`rename ${name} ${newName}`);
  }

  forget(name: string): Promise<Outcome> {
    return this.#done(`forget ${name}`);
  }

  answer(id: string, name: string): Outcome {
    this.asked.push(`answer ${id} ${name}`);
    return { ok: true, message: '' };
  }

  setMode(mode: string): Promise<Outcome> {
    return this.#done(`mode ${mode}`);
  }

  setTarget(target: number): Promise<Outcome> {
    return this.#done(`target ${target}`);
  }

  setLearning(on: boolean): Promise<Outcome> {
    return this.#done(`learning ${on}`);
  }

  save(): Promise<Outcome> {
    return this.#done('save');
  }

  merge(): Promise<Outcome> {
    return this.#done('merge');
  }

  forgetRobot(name: string): Promise<Outcome> {
    return this.#done(`forget robot ${name}`);
  }

  #done(message: string): Promise<Outcome> {
    this.asked.push(message);
    return Promise.resolve({ ok: true, message });
  }
}

import type { Service } from 'rclnodejs';
import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { toStamp } from '../base/time.js';
import type { ClassFacts } from '../classifier/class-roster.js';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';

/** Actions of the services. Each returns the sentence of the answer, and throws a TopsparkError to refuse. */
export interface Commands {
  setEnergyMode(mode: string): string;
  setLearning(on: boolean): string;
  saveCheckpoint(): string;
  loadCheckpoint(name: string): string;
  resetNetwork(): string;
  /** Returns at once; `done` is called at the end with the number of samples taught. */
  teach(label: string, duration: number, done: (taught: number, why: string) => void): void;
  forgetClass(label: string): string;
  renameClass(label: string, newLabel: string): string;
  listClasses(): readonly ClassReport[];
}

/** Facts about a class. */
export interface ClassReport extends ClassFacts {
  /** Stamp of the last sample with this answer [ns]; 0: none since the node was configured. */
  readonly lastSeen: bigint;
}

interface Reply {
  send(response: { success: boolean; message: string }): void;
}

/**
 * Offers the node's own services.
 *
 * @returns a function that closes them
 */
export function offerServices(node: SafeLifecycleNode, commands: Commands): () => void {
  const answer = (reply: Reply, command: () => string): void => {
    try {
      reply.send({ success: true, message: command() });
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      reply.send({ success: false, message: error.message });
    }
  };
  const services: unknown[] = [
    node.createService('topspark_msgs/srv/SetEnergyMode', '~/set_energy_mode', ({ mode }, reply) => {
      answer(reply, () => commands.setEnergyMode(mode));
    }),
    node.createService('std_srvs/srv/SetBool', '~/set_learning', ({ data }, reply) => {
      answer(reply, () => commands.setLearning(data));
    }),
    node.createService('std_srvs/srv/Trigger', '~/save_checkpoint', (_request, reply) => {
      answer(reply, () => commands.saveCheckpoint());
    }),
    node.createService('topspark_msgs/srv/LoadCheckpoint', '~/load_checkpoint', ({ name }, reply) => {
      answer(reply, () => commands.loadCheckpoint(name));
    }),
    node.createService('std_srvs/srv/Trigger', '~/reset_network', (_request, reply) => {
      answer(reply, () => commands.resetNetwork());
    }),
    node.createService('topspark_msgs/srv/Teach', '~/teach', ({ label, duration }, reply) => {
      const { sec, nanosec } = duration;
      const answer = (success: boolean, samples: number, message: string): void => {
        reply.send({ success, samples, message });
      };
      try {
        commands.teach(label, sec + nanosec / 1e9, (taught, refused) => {
          const ended = label.trim() === '';
          const said = ended ? 'teaching has ended' : `${taught} samples were taught to be ${quoted(label.trim())}`;
          answer(taught > 0 || ended, taught, refused === '' ? said : `${said}: ${refused}`);
        });
      } catch (error) {
        if (!(error instanceof TopsparkError)) throw error;
        answer(false, 0, error.message);
      }
    }),
    node.createService('topspark_msgs/srv/ForgetClass', '~/forget_class', ({ label }, reply) => {
      answer(reply, () => commands.forgetClass(label));
    }),
    node.createService('topspark_msgs/srv/RenameClass', '~/rename_class', ({ label, new_label: newLabel }, reply) => {
      answer(reply, () => commands.renameClass(label, newLabel));
    }),
    node.createService('topspark_msgs/srv/ListClasses', '~/classes', (_request, reply) => {
      const classes = commands.listClasses();
      reply.send({
        labels: classes.map(({ name }) => name),
        heard: classes.map(({ labels }) => BigInt(labels)),
        neurons: Uint32Array.from(classes, ({ neurons }) => neurons),
        last_seen: classes.map(({ lastSeen }) => toStamp(lastSeen)),
      });
    }),
  ];
  return () => {
    for (const service of services) node.destroyService(service as Service);
  };
}

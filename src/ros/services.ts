import type { Service } from 'rclnodejs';
import { TopsparkError } from '../base/errors.js';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';

/** What the services do. Each returns the sentence of the answer, and throws a TopsparkError to refuse. */
export interface Commands {
  setEnergyMode(mode: string): string;
  setLearning(on: boolean): string;
  saveCheckpoint(): string;
  loadCheckpoint(name: string): string;
  resetNetwork(): string;
}

interface Reply {
  send(response: { success: boolean; message: string }): void;
}

/**
 * Offers the node's own services.
 *
 * @returns takes them off the network
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
  ];
  return () => {
    for (const service of services) node.destroyService(service as Service);
  };
}

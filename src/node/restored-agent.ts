import type { Logger } from 'pino';
import type { Agent } from '../agent/agent.js';
import { TopsparkError } from '../base/errors.js';
import type { ParameterValue, ParameterValues } from '../base/parameters.js';
import type { Snapshot } from '../base/snapshot.js';
import { RestoreStopped, type CheckpointStore } from '../checkpoint/checkpoint-store.js';
import { restoreNewest, type Begun } from './checkpoints.js';
import { takenOver, describeTakenOver } from './sensor-takeover.js';

/** An agent, and the checkpoint that it began with. */
export interface RestoredAgent {
  readonly agent: Agent;
  /** Parameters whose values come from the checkpoint. */
  readonly taken: ReadonlyMap<string, ParameterValue>;
  readonly begun: Begun;
}

/**
 * Makes an agent that reads its sensors as the newest fitting checkpoint was learned, and restores it.
 *
 * @param values - as set; checkpoint.restore decides whether anything is restored
 * @param make - makes a fresh agent
 * @throws whatever `make` throws
 */
export function restoredAgent(
  store: CheckpointStore,
  values: ParameterValues,
  make: (values: ParameterValues) => Agent,
  logger: Logger,
): RestoredAgent {
  let taken: ReadonlyMap<string, ParameterValue> = new Map();
  let agent: Agent | undefined;
  // A network may be large, so it is made again only if another checkpoint was read differently.
  const readAs = (found: ReadonlyMap<string, ParameterValue>): Agent => {
    if (agent === undefined || !sameValues(found, taken)) agent = make(values.with(found));
    taken = found;
    return agent;
  };
  if (!values.bool('checkpoint.restore')) return { agent: readAs(taken), taken, begun: { name: '', fault: undefined } };
  const begun = restoreNewest(
    store,
    (snapshot) => {
      const found = readAsLearned(snapshot, values);
      const candidate = RestoreStopped.where(() => readAs(found));
      try {
        candidate.restore(snapshot);
      } catch (error) {
        // After an unforeseen failure the state of that agent is unknown.
        if (!(error instanceof TopsparkError)) agent = undefined;
        throw error;
      }
    },
    logger,
  );
  if (begun.name === '') readAs(new Map());
  else if (taken.size > 0) {
    logger.info(
      `sensors are read as ${begun.name} was learned, except where set otherwise: ${describeTakenOver(taken)}`,
    );
  }
  return { agent: readAs(taken), taken, begun };
}

// If the machine lacks something, such as the model of an encoding, the file may still be good: the search stops.
function readAsLearned(snapshot: Snapshot, values: ParameterValues): ReadonlyMap<string, ParameterValue> {
  try {
    return takenOver(snapshot, values);
  } catch (error) {
    if (error instanceof TopsparkError && error.kind === 'environment') throw new RestoreStopped(error);
    throw error;
  }
}

function sameValues(a: ReadonlyMap<string, ParameterValue>, b: ReadonlyMap<string, ParameterValue>): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}

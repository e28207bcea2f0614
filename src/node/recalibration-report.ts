import type { Logger } from 'pino';
import type { RecalibrationEvent } from '../agent/events.js';

/**
 * Tells in the log what came of measuring the operating points anew.
 *
 * @param profiled - whether there is a profile, whose points can be measured
 */
export function tellRecalibration({ samples, error }: RecalibrationEvent, profiled: boolean, logger: Logger): void {
  const why = profiled ? 'no labelled sample is at hand' : 'there is no profile';
  if (error !== undefined) logger.error({ err: error }, 'operating points were not measured');
  else if (samples === 0) logger.info(`operating points not measured: ${why}`);
  else logger.info(`operating points measured anew on ${samples} samples`);
}

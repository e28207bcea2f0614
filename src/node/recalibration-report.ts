import type { Logger } from 'pino';
import type { RecalibrationEvent } from '../agent/events.js';

/**
 * Logs the outcome of measuring the operating points.
 *
 * @param profiled - whether there is a profile to measure
 */
export function logRecalibration({ samples, error }: RecalibrationEvent, profiled: boolean, logger: Logger): void {
  const why = profiled ? 'no labelled sample is at hand' : 'there is no profile';
  if (error !== undefined) logger.error({ err: error }, 'operating points were not measured');
  else if (samples === 0) logger.info(`operating points not measured: ${why}`);
  else logger.info(`operating points measured again on ${samples} samples`);
}

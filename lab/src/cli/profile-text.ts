import pc from 'picocolors';
import type { PolicyCurve, ProfileResult, Sensitivity } from '../profile/profile-result.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { ProfilePoint } from 'topspark/timestep/controller/profile.js';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const micro = (value: number): string => (value * 1e6).toPrecision(3);

/**
 * Describes a profile for a terminal.
 *
 * @param output - file that contains it
 */
export function describeProfile(profile: ProfileResult, output: string): string {
  const { dataset, training, recommended, points, test, accuracyOverT, policies, sensitivity, pareto } = profile;
  const { weights } = recommended;
  return [
    `${pc.bold(dataset.name)}, N ${training.neurons}, ${training.samples} samples, on ${dataset.validation} images held out`,
    '',
    ...curves([accuracyOverT, ...policies]),
    ...sensitivity.flatMap(effects),
    `${pc.bold('trained once')}, policy ${profile.policy}: ${points.length} operating points, ${pareto.length} of them on the Pareto front`,
    ...pareto.slice(0, 12).map((index) => row(points[index], index === recommended.index)),
    ...(pareto.length > 12 ? [`  … ${pareto.length - 12} more in ${output}`] : []),
    '',
    `${pc.bold('recommended')}  ${describePoint(recommended.point)}`,
    `  score ${recommended.score.toFixed(4)} = ${weights.accuracy} × accuracy − ${weights.latency} × latency/slowest − ${weights.energy} × energy/dearest`,
    `  held out ${cost(points[recommended.index])}`,
    `  test set ${cost(test)}`,
    `profile    ${output}`,
    '',
  ].join('\n');
}

function curves(all: readonly PolicyCurve[]): string[] {
  const width = Math.max(...all.map(({ policy }) => policy.length));
  const line = (name: string, cells: readonly string[]): string =>
    `  ${name.padEnd(width)} ${cells.map((cell) => cell.padStart(6)).join(' ')}`;
  return [
    pc.bold('accuracy over T'),
    line(
      'T',
      all[0].points.map(({ point }) => String(point.timesteps)),
    ),
    ...all.map(({ policy, points }) =>
      line(
        policy,
        points.map(({ accuracy }) => (100 * accuracy).toFixed(1)),
      ),
    ),
    '',
  ];
}

function effects({ policy, point, accuracy, parameters }: Sensitivity): string[] {
  const change = (to: number): string => `${to >= accuracy ? '+' : '−'}${(100 * Math.abs(to - accuracy)).toFixed(1)}`;
  return [
    `${pc.bold('sensitivity')}, policy ${policy} at T ${point.timesteps}, ${percent(accuracy)}: one parameter changed alone`,
    ...parameters.slice(0, 8).map(({ name, changes, meaning }) => {
      const cells = changes.map(({ factor, accuracy: to }) => `× ${factor} ${change(to).padStart(6)}`);
      return `  ${name.padEnd(14)} ${cells.join('   ')}   ${pc.dim(meaning)}`;
    }),
    '',
  ];
}

function row(point: ProfilePoint, chosen: boolean): string {
  return `${chosen ? pc.green('▸') : ' '} ${describePoint(point.point).padEnd(42)} ${cost(point)}`;
}

function describePoint({ timesteps, events, keep, exitFirst, exit, resolution }: OperatingPoint): string {
  const side = resolution === undefined ? '' : `  ${resolution} px`;
  return `T ${timesteps}  E ${events}  K ${keep}  exits ${exitFirst}/${exit}${side}`;
}

function cost({ accuracy, accuracyLow, accuracyHigh, latency, energy }: ProfilePoint): string {
  const bounds = `${percent(accuracyLow)} … ${percent(accuracyHigh)}`;
  return `${percent(accuracy)} (${bounds})  ${micro(latency.infer)} µs  ${micro(energy.infer)} µJ`;
}

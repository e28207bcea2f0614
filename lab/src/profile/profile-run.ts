import type { Dataset } from '../datasets/dataset.js';
import { holdOut } from '../datasets/hold-out.js';
import { readingsOf } from 'topspark/sensing/sensor-reading.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { ProfilePoint } from 'topspark/timestep/controller/profile.js';
import type { TrainJob, TrainJobResult } from '../jobs/jobs.js';
import { planProfile, type ProfileOptions, type ProfilePlan } from './profile-plan.js';
import type {
  PolicyCurve,
  PolicyWay,
  ProfileResult,
  Requirements,
  ScoreWeights,
  Sensitivity,
} from './profile-result.js';
import type { ExitPoint } from '../training/measure-points.js';
import type { ReceptiveFields } from '../training/receptive-fields.js';
import { provenance } from '../jobs/provenance.js';
import { paretoFront, recommend } from './recommend.js';
import type { TrainResult } from '../training/train-result.js';

/** Computes each job once. Results are in the order of the jobs. */
export type RunTrainJobs = (jobs: readonly TrainJob[]) => Promise<TrainJobResult[]>;

/**
 * Analyses a data set. The test images are used once, at the end, by a network with the same options at the recommended
 * point.
 *
 * @param run - computes the jobs of the plan
 * @throws TopsparkError `dataset_too_small`; `requirements_unmet` naming the best that was found
 */
export async function profileRun(
  dataset: Dataset,
  options: ProfileOptions,
  requirements: Requirements,
  weights: ScoreWeights,
  run: RunTrainJobs,
): Promise<ProfileResult> {
  const described = describeData(dataset, options);
  const plan = planProfile(options);
  const jobs = jobsOf(plan);
  const results = await run(jobs);
  const of = (job: TrainJob): TrainJobResult => results[jobs.indexOf(job)];
  const trained = of(plan.main);
  const points = trained.points.slice(0, plan.grid.length).map(profilePoint);
  const recommended = recommend(points, requirements, weights);
  const { main } = plan;
  const [tested] = await run([
    { kind: 'train', dataset: main.dataset, heldOut: false, options: main.options, points: [recommended.point] },
  ]);
  const [unscaled, ...policies] = plan.curves.map((curve): PolicyCurve => ({
    ...wayOf(of(curve[0]).train),
    points: curve.map((job) => curvePoint(job.options.point, of(job).train)),
  }));
  return {
    format: 'topspark-profile',
    version: 1,
    policy: trained.train.policy,
    points,
    dataset: described,
    training: describeTraining(options, trained.train),
    accuracyOverT: unscaled,
    sensitivity: plan.sensitivity.map((section) => sensitivityOf(section, of)),
    policies,
    exits: trained.points.slice(plan.grid.length),
    pareto: paretoFront(points),
    recommended,
    test: { ...profilePoint(tested.points[0]), confusion: tested.confusion },
    receptiveFields: trained.fields ?? noFields,
    provenance: provenance(),
  };
}

const noFields: ReceptiveFields = { rows: 0, columns: 0, channels: 1, formed: 0, fields: [] };

/** All runs of a plan, the longest first where that is known. */
function jobsOf(plan: ProfilePlan): readonly TrainJob[] {
  const changed = plan.sensitivity.flatMap(({ base, changes }) => [base, ...changes.map(({ job }) => job)]);
  return [plan.main, ...plan.curves.flat(), ...changed];
}

function profilePoint(measured: ExitPoint): ProfilePoint {
  const { point, samples, accuracy, accuracyLow, accuracyHigh, recall, energy, frontEndEnergy = 0, latency } = measured;
  const { frontEndLatency } = measured;
  const looking = frontEndLatency === undefined ? {} : { frontEndLatency };
  return { point, samples, accuracy, accuracyLow, accuracyHigh, recall, energy, frontEndEnergy, latency, ...looking };
}

function curvePoint(point: OperatingPoint, result: TrainResult): ProfilePoint {
  const { testSamples, accuracy, accuracyLow, accuracyHigh, recall, energyPerSample, microsecondsPerSample } = result;
  const frontEndEnergy = result.frontEndEnergy.infer;
  const latency = { train: microsecondsPerSample.train * 1e-6, infer: microsecondsPerSample.infer * 1e-6 };
  const shares = { accuracy, accuracyLow, accuracyHigh, recall };
  return { point, samples: testSamples, ...shares, energy: energyPerSample, frontEndEnergy, latency };
}

function wayOf({ policy, rule, encoding }: TrainResult): PolicyWay {
  return { policy, rule, encoding };
}

function sensitivityOf(
  { base, changes }: ProfilePlan['sensitivity'][number],
  of: (job: TrainJob) => TrainJobResult,
): Sensitivity {
  const { accuracy, accuracyLow, accuracyHigh } = of(base).train;
  const names = [...new Set(changes.map(({ name }) => name))];
  const parameters = names.map((name) => {
    const ofName = changes.filter((change) => change.name === name);
    const found = ofName.map(({ factor, job }) => {
      const { train } = of(job);
      const { accuracy, accuracyLow, accuracyHigh } = train;
      return { factor, accuracy, accuracyLow, accuracyHigh };
    });
    const effect = Math.max(...found.map((change) => Math.abs(change.accuracy - accuracy)));
    return { name, meaning: ofName[0].meaning, changes: found, effect };
  });
  parameters.sort((a, b) => b.effect - a.effect);
  return { ...wayOf(of(base).train), point: base.options.point, accuracy, accuracyLow, accuracyHigh, parameters };
}

function describeData(dataset: Dataset, options: ProfileOptions): ProfileResult['dataset'] {
  const { name, rows, columns, classNames } = dataset;
  const { bag } = options.dataset;
  const held = holdOut(dataset);
  const most = options.training.testSamples;
  return {
    name,
    sha256: options.dataset.sha256,
    rows,
    columns,
    classNames,
    ...(bag && { sensors: readingsOf(bag.sensors.use) }),
    train: held.train.count,
    validation: Math.min(most, held.test.count),
    test: Math.min(most, dataset.test.count),
  };
}

function describeTraining({ training }: ProfileOptions, result: TrainResult): ProfileResult['training'] {
  const { neurons, point, samples, labels, labelsFirst, image, seed } = training;
  const first = labelsFirst !== undefined && { labelsFirst };
  return { ...wayOf(result), neurons, point, samples, labels, ...first, image, seed, weightsHash: result.weightsHash };
}

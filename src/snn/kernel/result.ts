// Result of one presentation: i32 (confidence and lead: f32). JavaScript reads it after the call
// (../spiking-network.ts, which relies on this order).
import { reserve, zero } from './buffers';

export const ANSWER: i32 = 0;
export const CONFIDENCE: i32 = 1;
export const LEAD: i32 = 2;
export const STEPS_RUN: i32 = 3;
export const LEARNED: i32 = 4;
export const SILENT: i32 = 5;
export const FIRED: i32 = 6;
export const NEAR: i32 = 7;
export const FAMILIAR: i32 = 8;
/** Counts, in the order of operation-counts.ts. */
export const INPUT_SPIKES: i32 = 9;
export const ENCODER_UPDATES: i32 = 10;
export const SYNAPTIC_EVENTS: i32 = 11;
export const NEURON_UPDATES: i32 = 12;
export const PLASTICITY_UPDATES: i32 = 13;
export const NORMALISATION_UPDATES: i32 = 14;
export const THRESHOLD_UPDATES: i32 = 15;
export const LABEL_UPDATES: i32 = 16;
export const OUTPUT_SPIKES: i32 = 17;
const FIELDS: i32 = 18;

/** Maximum number of spikes that are listed, as step × 2^16 + neuron, u32. */
const MOST_LISTED: i32 = 512;
export const raster: usize = reserve((<usize>MOST_LISTED) << 2);

export const result: usize = reserve((<usize>FIELDS) << 2);

/** Result of the second stage, the class neurons: answer, confidence and lead as above, then this field. */
export const CLASS_ANSWER: i32 = 3;
/** Counts of the second stage, in the same order. */
const GIVEN_COUNTS: i32 = 4;
const GIVEN_FIELDS: i32 = GIVEN_COUNTS + FIELDS - INPUT_SPIKES;

export const given: usize = reserve((<usize>GIVEN_FIELDS) << 2);

/** Resets all fields and counts. The answers become -1: none. */
export function clearResult(): void {
  zero(result, (<usize>FIELDS) << 2);
  zero(given, (<usize>GIVEN_FIELDS) << 2);
  report(ANSWER, -1);
  reportGiven(ANSWER, -1);
  reportGiven(CLASS_ANSWER, -1);
}

/** Adds to one count. */
export function count(field: i32, amount: i32): void {
  const at = result + ((<usize>field) << 2);
  store<i32>(at, load<i32>(at) + amount);
}

/** Counts a spike, and lists it if there is room. The first step is 1. */
export function countSpike(step: i32, neuron: i32): void {
  const at = result + ((<usize>OUTPUT_SPIKES) << 2);
  const before = load<i32>(at);
  store<i32>(at, before + 1);
  if (before < MOST_LISTED) store<u32>(raster + ((<usize>before) << 2), (step << 16) | neuron);
}

/** Adds to one count of the second stage. */
export function countGiven(field: i32, amount: i32): void {
  const at = given + ((<usize>(field - INPUT_SPIKES + GIVEN_COUNTS)) << 2);
  store<i32>(at, load<i32>(at) + amount);
}

/** Sets an integer field. */
export function report(field: i32, value: i32): void {
  store<i32>(result + ((<usize>field) << 2), value);
}

/** Sets a float field: confidence or lead. */
export function reportVotes(field: i32, value: f32): void {
  store<f32>(result + ((<usize>field) << 2), value);
}

/** Sets an integer field of the second stage. */
export function reportGiven(field: i32, value: i32): void {
  store<i32>(given + ((<usize>field) << 2), value);
}

/** Sets a float field of the second stage. */
export function reportGivenVotes(field: i32, value: f32): void {
  store<f32>(given + ((<usize>field) << 2), value);
}

// The common drive: the mean drive of a class neuron from samples of any class. Vectors of features have much in
// common. A class neuron that knows one or two pictures reads the common part as its own, so the class with the most
// ordinary picture would be answered too often.
//
//   b_c += (e_c - b_c) / t_c ,  t_c = min(200, t_c + 1)      e_c = (sum over the first E' events of v_ci) / (|v_c| E')
//                                                            with every learned sample for which class neurons are read
//   s = 0.4 min(1, K / sum_c L_c)                            K classes are known, with L_c labels
//   subtracted from a drive over n events:  (s b_c) n
//
// With more labels per class, s falls and less is subtracted. It applies only where samples are vectors of features;
// elsewhere b_c and s stay 0.
import { COMMON_SAMPLES, COMMON_SHARE, features } from './constants';
import { isKnown } from './class-neurons';
import { classCommon, classes, classLabels, classLooks } from './state';

let share: f32 = 0;

/** Computes s for the next drives. */
export function openCommon(): void {
  share = 0;
  if (features == 0) return;
  let known: f32 = 0;
  let labels: f32 = 0;
  for (let c: i32 = 0; c < classes; c++) {
    if (!isKnown(c)) continue;
    known += 1;
    labels += load<f32>(classLabels + ((<usize>c) << 2));
  }
  share = COMMON_SHARE * min<f32>(1, known / labels);
}

/** Common drive that is subtracted from the drive of class c over this number of events. */
export function commonDrive(c: i32, events: i32): f32 {
  return share * load<f32>(classCommon + ((<usize>c) << 2)) * <f32>events;
}

/** Updates b_c with the drive of class c over this number of events in a learned sample. */
export function learnCommon(c: i32, drive: f32, events: i32): void {
  const at = (<usize>c) << 2;
  const looks = min<f32>(COMMON_SAMPLES, load<f32>(classLooks + at) + 1);
  const before = load<f32>(classCommon + at);
  store<f32>(classLooks + at, looks);
  store<f32>(classCommon + at, before + (drive / <f32>events - before) / looks);
}

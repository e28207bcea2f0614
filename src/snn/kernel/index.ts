// The kernel: one network that learns online, one sample at a time. Each operation is rounded to float32. The order of
// additions is fixed, so that a plain scalar loop gives the same bits; each file states its order.
export {
  columnSum,
  features,
  forget,
  imprintShare,
  lambda,
  rateFirst,
  rateLast,
  renewEvidence,
  reset,
  selfLearning,
  silentKeep,
  spreadRate,
  thetaFresh,
  thetaKeep,
  thetaPlus,
  threshold,
  traceHalf,
  voteWeight,
} from './constants';
export {
  createEdges,
  edgeAdditions,
  edgeDivisions,
  edgeIntensities,
  edgePicture,
  edgeScan,
  edgeSteepest,
  encodeEdges,
  prepareEdges,
} from './orientation-columns';
export {
  createScene,
  encodeScene,
  sceneAdditions,
  sceneDivisions,
  sceneIntensities,
  scenePicture,
  sceneScan,
  sceneSteepest,
} from './gradient-directions';
export { takeBackClass, teachClass } from './class-neurons';
export { confirm, credit, giveEvidence, renew, takeBack, takeBackConfirmed, takeEvidence } from './evidence';
export { restoreRows } from './imprint';
export {
  createReadout,
  moveReadout,
  readoutInput,
  readoutPrecision,
  readoutScores,
  readoutWeights,
  readReadout,
  resetPrecision,
  teachReadout,
} from './least-squares';
export {
  clearEvents,
  createEvents,
  eventAddresses,
  eventColumns,
  eventPixels,
  eventRows,
  eventSums,
  poolEvents,
  takeEvents,
} from './event-pixels';
export {
  clearPoints,
  countPoints,
  createPoints,
  pointBytes,
  pointCounts,
  pointFar,
  pointFirstSectors,
  pointHigh,
  pointLow,
  pointMost,
  pointNear,
  pointNearest,
  pointRingEnds,
  pointSectorEnds,
} from './polar-points';
export { createMotion, motionFeatures, motionValues, readMotion } from './motion-features';
export { decay, drive, events, exit, exitFirst, freshDrive, keep, leak, reach, steps } from './point';
export { addPixelRows, clearPixelSums, createPixelRows, pixelRows, pixelSums } from './pixel-rows';
export { present } from './present';
export { given, raster, result } from './result';
export {
  byInput,
  byNeuron,
  classCommon,
  classCredit,
  classes,
  classInverse,
  classLabels,
  classLooks,
  classSeen,
  classSelf,
  classWeights,
  clear,
  clock,
  create,
  evidence,
  evidenceSum,
  lastWin,
  message,
  owned,
  owner,
  rawSum,
  renewedAt,
  scale,
  spikesSoFar,
  theta,
  touched,
} from './state';
export { fired, firedSpikes, givenVotes, input, nearest, nearestCredit, scan, votes } from './work';
export { createInTime, sow } from './timed/columns';
export { encoding, inhibition, ratePost, ratePre, rule, spikesPerFactor, weightKeep } from './timed/timed-constants';
export { density, refractory, thetaDecay, unit, window } from './timed/timed-point';
export { beginInTime, endInTime, runInTime } from './timed/present-timed';
export { activeRank, inOrder, stepBegin, trace } from './timed/timed-work';

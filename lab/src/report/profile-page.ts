import { below, percent } from 'topspark/base/units.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { ProfileResult } from '../profile/profile-result.js';
import { confusion } from './confusion.js';
import { escape, micro } from './html.js';
import { overT } from './over-t.js';
import { receptiveFieldsChart } from './receptive-fields-chart.js';
import { sensitivity } from './sensitivity.js';
import { style } from './style.js';
import { exits, chartPointText, trade } from './trade.js';

// The page may load nothing. Everything that it shows is inline.
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A profile as one HTML page that needs no network and no script. */
export async function profilePage(profile: ProfileResult): Promise<string> {
  const { dataset, training } = profile;
  const title = `Operating profile: ${dataset.name}, N = ${training.neurons}`;
  const [curves, effects, points, margins, matrix] = await Promise.all([
    overT(profile),
    sensitivity(profile),
    trade(profile),
    exits(profile),
    confusion(profile),
  ]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escape(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header>
<h1>${escape(title)}</h1>
<p>${escape(about(profile))}</p>
</header>
<main>
${cards(profile)}
<p>${escape(why(profile))}</p>
<h2>One network, many operating points</h2>
<div class="plots">${points}</div>
<h2>What T and early exit do</h2>
<div class="plots">${curves}${margins}</div>
<h2>Which parameters matter</h2>
<div class="plots">${effects}</div>
<h2>What was learned</h2>
<div class="plots">${matrix}${receptiveFieldsChart(profile)}</div>
</main>
<footer>${escape(made(profile))}</footer>
</body>
</html>
`;
}

function about({ dataset, training }: ProfileResult): string {
  const { policy, rule, samples, labels, image, point } = training;
  const learned = `${samples} samples of ${shapeText(dataset, image)}, ${percent(labels)} of them labelled`;
  return `Policy ${policy}, ${rule} rule, trained at ${chartPointText(point)} (T/E/K) on ${learned}. Everything is measured on ${dataset.validation} images held out from training, the test set once, at the recommended point.`;
}

function shapeText({ rows, columns, sensors }: ProfileResult['dataset'], image: string): string {
  if (sensors) {
    return `${rows * columns} intensities (${sensors.map(({ name, encoding }) => `${name}: ${encoding}`).join(', ')})`;
  }
  return rows === 1 ? `${columns} intensities` : `${columns} × ${rows} pixels (${image})`;
}

function cards({ test, recommended, points }: ProfileResult): string {
  const dearest = Math.max(...points.map(({ energy }) => energy.infer));
  const all: readonly (readonly [string, string, string])[] = [
    ['Recommended point, T/E/K', chartPointText(recommended.point).split(', ')[0], besidesOf(recommended.point)],
    [
      'Accuracy, test set',
      percent(test.accuracy),
      `95 %: ${percent(test.accuracyLow)} to ${percent(test.accuracyHigh)}`,
    ],
    ['Mean recall, test set', percent(test.recall), 'over the classes'],
    ['Energy of a decision', `${micro(test.energy.infer)} µJ`, below(dearest / test.energy.infer, 'the dearest point')],
    ['CPU time of a decision', `${micro(test.latency.infer)} µs`, 'without encoding the image'],
  ];
  const items = all.map(
    ([name, value, note]) =>
      `<div><dt>${escape(name)}</dt><dd>${escape(value)}<small>${escape(note)}</small></dd></div>`,
  );
  return `<dl class="cards">${items.join('')}</dl>`;
}

function besidesOf({ exitFirst, exit, resolution }: OperatingPoint): string {
  const exits = exitFirst === 0 && exit === 0 ? 'no early exit' : `exits ${exitFirst || 'off'} / ${exit || 'off'}`;
  return resolution === undefined ? exits : `${exits}, ${resolution} px`;
}

function why({ recommended }: ProfileResult): string {
  const { weights, score, requirements } = recommended;
  const asked = [
    ...(requirements.minAccuracy === undefined ? [] : [`accuracy at least ${percent(requirements.minAccuracy)}`]),
    ...(requirements.maxLatency === undefined ? [] : [`at most ${micro(requirements.maxLatency)} µs`]),
    ...(requirements.maxEnergy === undefined ? [] : [`at most ${micro(requirements.maxEnergy)} µJ`]),
  ];
  const among = asked.length === 0 ? 'all points' : `the points with ${asked.join(', ')}`;
  return `Recommended for the largest score, ${score.toFixed(4)}, among ${among}: ${weights.accuracy} × accuracy − ${weights.latency} × latency / slowest − ${weights.energy} × energy / dearest.`;
}

function made({ provenance, dataset, training }: ProfileResult): string {
  const { topspark, commit, created, machine } = provenance;
  const build = `topspark ${topspark}${commit === null ? '' : `, commit ${commit.slice(0, 12)}`}`;
  const where = `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}`;
  return `${build}, ${created}; ${where}. Data set SHA-256 ${dataset.sha256}; seed ${training.seed}; weights ${training.weightsHash}.`;
}

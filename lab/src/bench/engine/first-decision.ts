// Runs in a process of its own: imports the engine, decides one sample, learns more, and prints times and memory. A
// plain program with one network of 400 neurons does no more.
const begin = performance.now();
const before = process.cpuUsage();
const { OnlineClassifier } = await import('topspark/classifier/online-classifier.js');
const classifier = new OnlineClassifier({ neurons: 400, rows: 28, columns: 28 });
const point = { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 };
const sample = new Uint8Array(784);
const draw = (seed: number): void => {
  for (let i = 0; i < sample.length; i++) sample[i] = (i * seed) % 5 === 0 ? 255 - ((i * 7 + seed) % 200) : 0;
};
draw(1);
classifier.decide(sample, 0n, point, true);
const firstDecision = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(before);
const firstDecisionCpu = (user + system) / 1e6;
for (let k = 1; k < 5000; k++) {
  draw(k);
  classifier.decide(sample, BigInt(k), point, true);
  classifier.label(BigInt(k), String(k % 10));
}
process.stdout.write(JSON.stringify({ firstDecision, firstDecisionCpu, memory: process.memoryUsage().rss }));

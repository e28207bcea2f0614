import type { Origin } from './origin.js';
import { baseline } from './sections/baseline.js';
import { largest } from './sections/largest.js';
import { lasting } from './sections/lasting.js';
import { natural } from './sections/natural.js';
import { leanTable } from './sections/lean-table.js';
import { pointsSection } from './sections/points.js';
import { prequential } from './sections/prequential-section.js';
import { timesteps } from './sections/timesteps.js';
import { untuned } from './sections/untuned.js';
import { table, type Claim, type Plot, type Scope, type Section } from './scope.js';

const sections: readonly Section[] = [
  baseline,
  leanTable,
  largest,
  timesteps,
  prequential,
  lasting,
  pointsSection,
  natural,
  untuned,
];

/** The page, and the plots that it shows. */
export interface ResultsPage {
  readonly markdown: string;
  readonly plots: readonly Plot[];
  readonly claims: readonly Claim[];
}

/** Writes docs/results.md from the results of its runs. */
export function resultsPage(
  scope: Pick<Scope, 'ask' | 'present' | 'pictures' | 'seeds' | 'quick'>,
  origin: Origin,
): ResultsPage {
  const claims: Claim[] = [];
  const plots: Plot[] = [];
  const asked = new Map<string, boolean>();
  const whole: Scope = {
    ...scope,
    ask: (draft) => {
      const result = scope.ask(draft);
      asked.set(JSON.stringify(draft), result !== undefined);
      return result;
    },
    claim: (claim) => claims.push(claim),
    plot: (plot) => plots.push(plot),
  };
  const texts = sections.map((section) => section(whole));
  const done = [...asked.values()].filter(Boolean).length;
  const open =
    done < asked.size
      ? [`**${done} of ${asked.size} runs are done; cells without a figure (–) wait for theirs.**\n`]
      : [];
  const markdown = [head(scope, origin), ...open, claimTable(claims), ...texts].join('\n');
  return { markdown, plots, claims };
}

function head({ seeds, quick }: Pick<Scope, 'seeds' | 'quick'>, { date, commit, program, machine }: Origin): string {
  const first = quick
    ? '\n**A quick run (`--quick`): one seed and a tenth of the samples. Claims are about the whole run.**\n'
    : '';
  const spread = seeds.length > 1 ? ` mean ± standard deviation over seeds ${seeds.join(', ')}` : ` seed ${seeds[0]}`;
  return `# Results

\`npm run reproduce\` writes this page from new runs. Do not edit it.
${first}
- Date ${date}, commit ${commit}; SHA-256 of the compiled program ${program.slice(0, 12)}
- Machine: ${machine}
- Figures are given as${spread}. A seed decides the order of the samples and the choice of labels; with spikes in time
  also the weights at the start and the spikes. The same seed gives the same bits on every machine; only CPU times differ.
- The figures are from test images. Defaults were chosen on the last 10,000 training images ([method-measured.md](method-measured.md)).
`;
}

function claimTable(claims: readonly Claim[]): string {
  const sign = ({ met }: Claim): string => (met === undefined ? '–' : met ? 'yes' : '**no**');
  const rows = claims.map((claim) => [claim.text, claim.bar, claim.found, sign(claim)]);
  return `## What is claimed

${table(['claim', 'wanted', 'found', 'met'], rows)}
`;
}

import { TopsparkError } from 'topspark/base/errors.js';
import type { Dataset } from '../datasets/dataset.js';
import { buildIdentity } from '../jobs/build-identity.js';
import { loadAtOnce, refOf, type DatasetRef } from '../datasets/dataset-ref.js';
import { canonicalJson, jobId, type Job, type ResultOf } from '../jobs/jobs.js';
import { ResultFile } from '../jobs/result-file.js';
import { runJobs } from '../jobs/run-jobs.js';
import { timingRun } from '../jobs/timing-run.js';
import type { Draft, DraftOf, DraftResults } from './drafts.js';
import { keepOrigin, keptOrigin, originNow } from './origin.js';
import { PictureSets } from './picture-sets.js';
import { resultsPage, type ResultsPage } from './results-page.js';
import type { Scope } from './scope.js';

/** What to reproduce, and how. */
export interface ReproductionOptions {
  readonly seeds: readonly number[];
  readonly quick: boolean;
  /** Folders of photographs by class, which are also measured. */
  readonly pictures?: readonly string[];
  /** Folder in which every result is stored and from which a run goes on. */
  readonly store: string;
  readonly workers?: number;
  /** Valkey or Redis server whose workers compute the jobs instead. */
  readonly queue?: string;
}

/** The runs behind docs/results.md: finds and runs those that are missing, and writes the page as far as possible. */
export class Reproduction {
  readonly #results = new Map<string, DraftResults[Draft['kind']]>();
  readonly #datasets = new Map<string, { readonly dataset: Dataset; readonly ref: DatasetRef }>();

  readonly #pictures: PictureSets;

  /** @throws {@link TopsparkError} as `loadDataset` */
  constructor(readonly options: ReproductionOptions) {
    this.#pictures = new PictureSets(options.pictures ?? []);
  }

  /** Runs that the page still lacks, in the order of its tables. */
  missing(): Draft[] {
    const missing = new Map<string, Draft>();
    const ask = <K extends Draft['kind']>(draft: DraftOf<K>): DraftResults[K] | undefined => {
      const found = this.#get(draft);
      if (!found) missing.set(canonicalJson(draft), draft);
      return found;
    };
    resultsPage({ ...this.#scope, ask }, { date: '', commit: '', program: '', machine: '' });
    return [...missing.values()];
  }

  /**
   * Runs what is missing: jobs on all cores, then timings, while nothing else runs. The origin is stored with the
   * results.
   *
   * @param progress - called after every run
   * @throws {@link TopsparkError} as {@link runJobs} and {@link timingRun}
   */
  async run(progress: () => void): Promise<void> {
    const { workers, queue } = this.options;
    const missing = this.missing();
    if (missing.length === 0) return;
    const enter = (draft: Draft, result: DraftResults[Draft['kind']]): void => {
      this.#results.set(canonicalJson(draft), result);
      progress();
    };
    const drafts = new Map<string, Draft>();
    const jobs = missing.flatMap((draft): Job[] => {
      if (draft.kind === 'timing') return [];
      const job = this.#job(draft);
      drafts.set(canonicalJson(job), draft);
      return [job];
    });
    await runJobs(jobs, {
      ...(queue !== undefined && { queue }),
      ...(workers !== undefined && { workers }),
      resumeFile: this.#runs,
      onResult: (job, result) => {
        const draft = drafts.get(canonicalJson(job));
        if (draft) enter(draft, found(result));
      },
    });
    const times = new ResultFile(this.#times);
    for (const draft of missing) {
      if (draft.kind !== 'timing') continue;
      const id = timingId(draft);
      const known = times.get(id) as DraftResults['timing'] | undefined;
      const result = known ?? timingRun(this.#open(draft.dataset).dataset, draft.options);
      times.add(id, result);
      enter(draft, result);
    }
    times.close();
    keepOrigin(this.options.store, originNow());
  }

  /**
   * Restores results of earlier runs, and starts no run.
   *
   * @throws {@link TopsparkError} `results_*`
   */
  restore(): void {
    const [runs, times] = [new ResultFile(this.#runs), new ResultFile(this.#times)];
    for (const draft of this.missing()) {
      const timing = draft.kind === 'timing';
      // The id of a run depends on the content of its data set. Where the set is missing, the run cannot be looked up.
      if (!timing && !this.present(draft.dataset)) continue;
      const known = timing ? times.get(timingId(draft)) : runs.get(jobId(this.#job(draft)));
      if (known === undefined) continue;
      const result = timing ? (known as DraftResults['timing']) : found(known as ResultOf<Job>);
      this.#results.set(canonicalJson(draft), result);
    }
    runs.close();
    times.close();
  }

  /** The page, as far as its runs are done. Its head names the origin of the last runs, not of the page. */
  page(): ResultsPage {
    const origin = keptOrigin(this.options.store) ?? originNow();
    return resultsPage({ ...this.#scope, ask: (draft) => this.#get(draft) }, origin);
  }

  /** Whether a data set is on this machine. */
  present(name: string): boolean {
    try {
      this.#open(name);
      return true;
    } catch (error) {
      if (error instanceof TopsparkError && absences.some((each) => each === error.code)) return false;
      throw error;
    }
  }

  get #scope(): Pick<Scope, 'seeds' | 'quick' | 'pictures' | 'present'> {
    return { ...this.options, pictures: this.#pictures.names, present: (name) => this.present(name) };
  }

  get #runs(): string {
    return `${this.options.store}/runs.jsonl`;
  }

  get #times(): string {
    return `${this.options.store}/times.jsonl`;
  }

  #job(draft: DraftOf<'train' | 'life'>): Job {
    return { ...draft, dataset: this.#open(draft.dataset).ref, heldOut: false };
  }

  #get<K extends Draft['kind']>(draft: DraftOf<K>): DraftResults[K] | undefined {
    return this.#results.get(canonicalJson(draft)) as DraftResults[K] | undefined;
  }

  #open(name: string): { readonly dataset: Dataset; readonly ref: DatasetRef } {
    const known = this.#datasets.get(name);
    if (known) return known;
    const choice = this.#pictures.choiceOf(name);
    const dataset = loadAtOnce(choice);
    const opened = { dataset, ref: refOf(choice, dataset) };
    this.#datasets.set(name, opened);
    return opened;
  }
}

/** Codes of errors that the page can do without: a data set, a model or the runtime of the model is missing. */
const absences = ['dataset_missing', 'embedding_model', 'embedding_runtime'] as const;

const found = (result: ResultOf<Job>): DraftResults['train' | 'life'] => ('train' in result ? result.train : result);

const timingId = (draft: DraftOf<'timing'>): string => `${buildIdentity()} ${canonicalJson(draft)}`;

/** Everything the activities need, made once by the worker's composition root. */
import type { Model } from '../authors/llm/model.js';
import type { Author } from '../authors/port.js';
import type { ModelSettings, RunConfig } from '../domain/run-config.js';
import type { Evaluator } from '../evaluation/port.js';
import type { Executor } from '../execution/port.js';
import type { KnowledgeBase } from '../knowledge/port.js';
import type { Store } from '../store/store.js';

export interface GuardedPlace {
  readonly what: string;
  /** Absolute. */
  readonly path: string;
  /** Reached, it would let a program know answers or change scores. */
  readonly vital: boolean;
}
export interface GuardedServer {
  readonly what: string;
  readonly host: string;
  readonly port: number;
  readonly vital: boolean;
}
/** What no program may reach on this machine, beside the files of its run: told to the isolation probe. */
export interface Guarded {
  /** Python source of the probe. */
  readonly probe: string;
  readonly places: readonly GuardedPlace[];
  readonly servers: readonly GuardedServer[];
}

export interface Dependencies {
  readonly store: Store;
  /** Who writes the programs of a run: decided by its settings alone. */
  authorFor(config: Pick<RunConfig, 'author' | 'model' | 'search'>): Author;
  /** The server that a run's model is asked on; nothing is asked yet. @throws UserError when this worker has no way to it. */
  modelFor(settings: ModelSettings): Model;
  readonly executor: Executor;
  readonly evaluator: Evaluator;
  readonly knowledge: KnowledgeBase;
  /** Absolute folder for prepared tasks. */
  readonly preparedFolder: string;
  readonly guarded: Guarded;
  /** Told when an execution is left to go on without its activity: where its run has ended, nobody will adopt it. */
  readonly onAbandoned?: () => void;
}

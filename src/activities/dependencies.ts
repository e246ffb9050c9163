/** Everything the activities need, made once by the worker's composition root. */
import type { Author } from '../authors/port.js';
import type { Evaluator } from '../evaluation/port.js';
import type { Executor } from '../execution/port.js';
import type { KnowledgeBase } from '../knowledge/port.js';
import type { Store } from '../store/store.js';

export interface Dependencies {
  readonly store: Store;
  readonly author: Author;
  readonly executor: Executor;
  readonly evaluator: Evaluator;
  readonly knowledge: KnowledgeBase;
  /** Absolute folder for prepared tasks. */
  readonly preparedFolder: string;
}

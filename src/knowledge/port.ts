/** What authors see of the knowledge base. */
import type { KnowledgeEntry } from '../domain/knowledge-entry.js';
import type { ImproveVariant, Operator } from '../domain/operator.js';
import type { TaskCard } from '../domain/task-card.js';

export interface RecallRequest {
  readonly card: TaskCard;
  readonly operator: Operator;
  readonly variant?: ImproveVariant;
  /** Free text to match: the task's description, a plan, or for debug the error text. */
  readonly question: string;
  /** Ids of entries in use, so that their parameters and neighbours come first. */
  readonly inUse: readonly string[];
  readonly limit: number;
}

export interface Recalled {
  readonly entry: KnowledgeEntry;
  /** Fused score and why: `facets 0.6, text rank 2, prior 0.1`. */
  readonly score: number;
  readonly why: string;
}

/** Outcome of one use of an entry, credited when its node ends. `gain` is the normalised paired difference, absent for a failure. */
export interface Credit {
  readonly entryId: string;
  readonly modality: string;
  readonly metric: string;
  /** Makes crediting idempotent: `<run>/<node>`. */
  readonly use: string;
  readonly success: boolean;
  readonly gain?: number;
  readonly seconds: number;
}

export interface KnowledgeBase {
  recall(request: RecallRequest): Promise<readonly Recalled[]>;
  entry(id: string): Promise<KnowledgeEntry | undefined>;
  credit(credits: readonly Credit[]): Promise<void>;
}

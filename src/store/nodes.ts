/** One document for each proposed program: how it came about, how it ran, how it scored. Bytes are blob references. */
import type { Db } from 'mongodb';
import type { Evaluation } from '../domain/evaluation.js';
import type { BlobId, ExecutionId, NodeId, RunId } from '../domain/ids.js';
import type { ImproveVariant, Operator } from '../domain/operator.js';
import type { OutcomeKind } from '../domain/outcome.js';
import type { Cost } from '../domain/score.js';
import { isDuplicate, retryWrite } from './retry.js';

export interface NodeExecution {
  readonly executionId: ExecutionId;
  readonly attempt: string;
  readonly outcomeRef: BlobId;
  readonly kind: OutcomeKind;
  readonly message: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMemoryMiB: number;
}

export interface NodeRecord {
  readonly runId: RunId;
  readonly nodeId: NodeId;
  readonly operator: Operator;
  readonly variant?: ImproveVariant;
  readonly parent?: NodeId;
  readonly references: readonly NodeId[];
  readonly seed: number;
  readonly programRef: BlobId;
  readonly planRef: BlobId;
  readonly fingerprint: string;
  readonly family: string;
  readonly summary: string;
  readonly changes: readonly string[];
  readonly knowledge: readonly string[];
  /** True when knowledge was offered to the author; its effect can then be told from the rest. */
  readonly knowledgeOffered: boolean;
  /** What its author was shown, where a model was asked. */
  readonly viewRef?: BlobId;
  /** What its author paid for model calls; absent where none was made. */
  readonly cost?: Cost;
  readonly executions?: Readonly<Record<string, NodeExecution>>;
  readonly evaluation?: Evaluation;
}

export interface Nodes {
  save(node: Partial<NodeRecord> & Pick<NodeRecord, 'runId' | 'nodeId'>): Promise<void>;
  /** Keeps the first program that is given for a node and returns what is kept. Absent: another node of the run has this program. */
  propose(node: NodeRecord): Promise<NodeRecord | undefined>;
  saveExecution(runId: RunId, nodeId: NodeId, execution: NodeExecution): Promise<void>;
  /** Keeps the first view that is given for a node, and returns the one that is kept. */
  settleView(runId: RunId, nodeId: NodeId, viewRef: BlobId): Promise<BlobId>;
  find(runId: RunId, nodeId: NodeId): Promise<NodeRecord | undefined>;
  /** All proposed programs of a run in the order of their ids. */
  ofRun(runId: RunId): Promise<readonly NodeRecord[]>;
}

/** `claim`: run and fingerprint, so that no program stands twice in a run, whoever writes it; in one document with the program. */
type Stored = NodeRecord & { readonly _id: string; readonly claim?: string };

export function createNodes(db: Db): Nodes {
  const nodes = db.collection<Stored>('nodes');
  const keyOf = (runId: RunId, nodeId: NodeId): string => `${runId}/${nodeId}`;
  return {
    async save(node) {
      const _id = keyOf(node.runId, node.nodeId);
      await retryWrite(() => nodes.updateOne({ _id }, { $set: { ...node } }, { upsert: true }));
    },
    async propose(node) {
      const _id = keyOf(node.runId, node.nodeId);
      const claimed = { ...node, claim: `${node.runId}/${node.fingerprint}` };
      try {
        await nodes.updateOne({ _id, programRef: { $exists: false } }, { $set: claimed }, { upsert: true });
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
      const kept = await nodes.findOne({ _id });
      return kept?.programRef ? kept : undefined;
    },
    async saveExecution(runId, nodeId, execution) {
      const update = { $set: { runId, nodeId, [`executions.${execution.attempt}`]: execution } };
      await retryWrite(() => nodes.updateOne({ _id: keyOf(runId, nodeId) }, update, { upsert: true }));
    },
    async settleView(runId, nodeId, viewRef) {
      const _id = keyOf(runId, nodeId);
      const fields = { runId, nodeId, viewRef };
      await retryWrite(() => nodes.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true }));
      return (await nodes.findOne({ _id }))?.viewRef ?? viewRef;
    },
    async find(runId, nodeId) {
      return (await nodes.findOne({ _id: keyOf(runId, nodeId) })) ?? undefined;
    },
    async ofRun(runId) {
      const rows = await nodes.find({ runId }).toArray();
      return rows.filter((row) => row.programRef).sort((a, b) => ordinalOf(a.nodeId) - ordinalOf(b.nodeId));
    },
  };
}

function ordinalOf(nodeId: NodeId): number {
  return Number(nodeId.slice(1));
}

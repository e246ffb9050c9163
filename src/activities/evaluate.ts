/** Lets trusted code score what a program wrote, and credits the knowledge that shaped it. */
import type { Evaluation } from '../domain/evaluation.js';
import { BlobId } from '../domain/ids.js';
import { Outcome } from '../domain/outcome.js';
import type { TaskCard } from '../domain/task-card.js';
import type { NodeRecord } from '../store/nodes.js';
import type { EvaluateResult, EvaluationActivities } from './contract.js';
import type { Dependencies } from './dependencies.js';
import { localOutputs } from './outputs.js';
import { requireNode, requirePrepared } from './required.js';

export function createEvaluateNode(
  needs: Pick<Dependencies, 'store' | 'evaluator' | 'knowledge'>,
): EvaluationActivities['evaluateNode'] {
  const { store, evaluator, knowledge } = needs;
  return async (input) => {
    const run = await requirePrepared(store, input.runId);
    const node = await requireNode(store, input.runId, input.nodeId);
    const evaluation = await evaluator.evaluate({
      prepared: run.prepared,
      nodeId: input.nodeId,
      family: input.family,
      files: await localOutputs(store, input.outcomeRefs),
      against: input.against,
      elite: run.config.without === 'elite' ? [] : input.elite,
      unprotected: run.sandbox === 'process' || (run.attestation?.readable ?? []).length > 0,
      ...(run.prepared.split.mode === 'script' && { printed: await printedBy(needs, input.outcomeRefs) }),
    });
    await store.nodes.save({ runId: input.runId, nodeId: input.nodeId, evaluation });
    if (isLast(evaluation))
      await knowledge.credit(creditsOf(run.prepared.card, node, evaluation, await secondsOf(needs, input.outcomeRefs)));
    return receiptOf(evaluation);
  };
}

function isLast(evaluation: Evaluation): boolean {
  return evaluation.kind === 'invalid' || evaluation.next.length === 0;
}

async function outcomesOf(
  { store }: Pick<Dependencies, 'store'>,
  refs: readonly string[],
): Promise<readonly Outcome[]> {
  return Promise.all(refs.map(async (ref) => Outcome.parse(await store.blobs.readJson(BlobId.parse(ref)))));
}

async function secondsOf(needs: Pick<Dependencies, 'store'>, refs: readonly string[]): Promise<number> {
  return (await outcomesOf(needs, refs)).reduce((sum, outcome) => sum + outcome.seconds, 0);
}

/** The end of what the last execution printed: where nothing could be hidden, it holds the program's own score. */
async function printedBy(needs: Pick<Dependencies, 'store'>, refs: readonly string[]): Promise<string> {
  return (await outcomesOf(needs, refs)).at(-1)?.stdoutTail ?? '';
}

function creditsOf(
  card: TaskCard,
  node: NodeRecord,
  evaluation: Evaluation,
  seconds: number,
): Parameters<Dependencies['knowledge']['credit']>[0] {
  const versus = evaluation.kind === 'valid' ? (evaluation.versus.parent ?? evaluation.versus.best) : undefined;
  const gain = versus && versus.pairedSE > 0 ? Math.max(-3, Math.min(3, versus.delta / versus.pairedSE)) : undefined;
  return node.knowledge.map((entryId) => ({
    entryId,
    modality: card.modality,
    metric: card.metric,
    use: `${node.runId}/${node.nodeId}`,
    success: evaluation.kind === 'valid',
    ...(gain !== undefined && { gain }),
    seconds,
  }));
}

function receiptOf(evaluation: Evaluation): EvaluateResult {
  if (evaluation.kind === 'invalid') {
    return { kind: 'invalid', failure: evaluation.failure, message: evaluation.message.slice(0, 300) };
  }
  const { kind, score, versus, complement, next, complete } = evaluation;
  return { kind, score, versus, complement, next, complete };
}

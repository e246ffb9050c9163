/** The final choice by rule, and which of its members to run again on all labels. */
import type { EvaluationActivities } from './contract.js';
import type { Dependencies } from './dependencies.js';
import { requireNode, requirePrepared } from './required.js';

export function createChooseFinal({
  store,
  evaluator,
}: Pick<Dependencies, 'store' | 'evaluator'>): EvaluationActivities['chooseFinal'] {
  return async ({ runId, nodes, pinned, refitSeconds }) => {
    if (nodes.length === 0) return { choice: null, refits: [] };
    const { prepared } = await requirePrepared(store, runId);
    const choice = await evaluator.choose({ prepared, nodes, pinned, refitSeconds });
    // In K-fold mode the mean of the fold models is the validated answer; a refit would add nothing that was measured.
    // Where nothing could be hidden, programs have learnt from all labels already.
    if (prepared.split.mode !== 'holdout') return { choice, refits: [] };
    const byWeight = [...choice.chosen.members].sort((a, b) => b.weight - a.weight);
    const refits = await Promise.all(
      byWeight.map(async ({ nodeId }) => ({
        nodeId,
        programRef: (await requireNode(store, runId, nodeId)).programRef,
      })),
    );
    return { choice, refits };
  };
}

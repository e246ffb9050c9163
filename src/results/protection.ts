/** Scores measured before the probe had ended bear the label of what it found. */
import type { FinalChoice } from '../domain/evaluation.js';
import type { Score } from '../domain/score.js';
import type { RunFacts } from './facts.js';

/** The same facts; where a program could have reached the answers, every hidden score says so. */
export function withProtection(facts: RunFacts): RunFacts {
  if (isProtected(facts)) return facts;
  const { run, nodes, choice } = facts;
  return {
    ...facts,
    run: { ...run, prepared: { ...run.prepared, baseline: relabelled(run.prepared.baseline) } },
    nodes: nodes.map((node) =>
      node.evaluation?.kind === 'valid'
        ? { ...node, evaluation: { ...node.evaluation, score: relabelled(node.evaluation.score) } }
        : node,
    ),
    choice: choice && relabelledChoice(choice),
  };
}

function isProtected({ run, attestation }: RunFacts): boolean {
  const reached = attestation?.attempts.some(({ vital, result }) => vital && result === 'reached') ?? false;
  return run.sandbox !== 'process' && !reached;
}

function relabelledChoice(choice: FinalChoice): FinalChoice {
  const candidate = (one: FinalChoice['chosen']) => ({ ...one, pooled: relabelled(one.pooled) });
  return {
    ...choice,
    chosen: candidate(choice.chosen),
    candidates: choice.candidates.map(candidate),
    estimate: relabelled(choice.estimate),
  };
}

function relabelled(score: Score): Score {
  return score.source === 'script' ? score : { ...score, source: 'hidden-unprotected' };
}

/** Sums of costs. An unknown price makes a sum unknown, never smaller. */
import type { Cost } from '../domain/score.js';

export const NO_COST: Cost = { seconds: 0, gpuSeconds: 0, usd: 0, tokens: 0, executions: 0 };

export function addCost(left: Cost, right: Cost): Cost {
  return {
    seconds: left.seconds + right.seconds,
    gpuSeconds: left.gpuSeconds + right.gpuSeconds,
    usd: left.usd === null || right.usd === null ? null : left.usd + right.usd,
    tokens: left.tokens + right.tokens,
    executions: left.executions + right.executions,
  };
}

/** The same cost with its executions counted by the search: events may leave them out or repeat them. */
export function withExecutions(cost: Cost, executions: number): Cost {
  return { ...cost, executions };
}

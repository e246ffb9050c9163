/** MLE-Dojo's HumanRank: the share of a leaderboard that a score beats. */

/**
 * With p the place (from 1) of the first entry, best first, that the score equals or beats, and N entries: (N - p + 1) / N.
 * Ties count for the score; the first place is 1; beating nobody, or NaN, is 0. Absent for an empty board.
 */
export function humanRank(score: number, board: readonly number[], isLowerBetter: boolean): number | undefined {
  if (board.length === 0) return undefined;
  if (Number.isNaN(score)) return 0;
  const ahead = board.filter((entry) => (isLowerBetter ? entry < score : entry > score)).length;
  return (board.length - ahead) / board.length;
}

/** The mean over the boards that are there, as MLE-Dojo rewards it; absent when there is none. */
export function meanHumanRank(
  score: number,
  boards: readonly (readonly number[])[],
  isLowerBetter: boolean,
): number | undefined {
  const ranks = boards.flatMap((board) => humanRank(score, board, isLowerBetter) ?? []);
  return ranks.length === 0 ? undefined : ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
}

/** The arms that compete at a node: to expand it here, or to descend into one of its children. */
import type { NodeId } from '../domain/ids.js';
import type { ParentId } from '../domain/node.js';
import { type Backup, type InFlight, inFlightOf, statisticsOf } from './backup.js';
import { exploration, plainExploration } from './exploration.js';
import { type Sums, sumOf } from './mean-backup.js';

export interface Arm {
  /** `here`, or the child to descend into. */
  readonly to: 'here' | NodeId;
  readonly value: number;
  readonly exploration: number;
  readonly visits: number;
  readonly inFlight: number;
}

export interface Counts {
  readonly statistics: Backup;
  readonly inFlight: ReadonlyMap<ParentId, InFlight>;
  /** C. */
  readonly c: number;
}

/** `v_x + C · sqrt(ln(N_x + f_x + 1) / (1 + k_x + f′_x))`: how good x itself is, against how often it was expanded already. */
export function hereArm(counts: Counts, id: NodeId, children: number): Arm {
  const flying = inFlightOf(counts.inFlight, id);
  const visits = 1 + children;
  return {
    to: 'here',
    value: statisticsOf(counts.statistics, id).value,
    exploration: exploration(counts.c, total(counts, id), visits + flying.here),
    visits,
    inFlight: flying.here,
  };
}

/** `Q_c + C · sqrt(ln(N_x + f_x + 1) / (N_c + f_c))` for the child c of x. */
export function downArm(counts: Counts, id: ParentId, child: NodeId): Arm {
  const { best, visits } = statisticsOf(counts.statistics, child);
  const { below } = inFlightOf(counts.inFlight, child);
  return {
    to: child,
    value: best,
    exploration: exploration(counts.c, total(counts, id), visits + below),
    visits,
    inFlight: below,
  };
}

/** Stands for +∞, which no JSON can say. */
const FIRST = 1e9;

export interface MeanCounts {
  readonly sums: Sums;
  readonly inFlight: ReadonlyMap<ParentId, InFlight>;
  /** C. */
  readonly c: number;
}

/**
 * `W_c / N_c + C · sqrt(ln(N_x + f_x) / (N_c + f_c))` for the child c of x: the published form. Neither visited nor in flight: before all
 * others. In flight for the first time: worth nothing yet, so that a second worker looks elsewhere.
 */
export function meanArm(counts: MeanCounts, id: ParentId, child: NodeId): Arm {
  const { visits, sum } = sumOf(counts.sums, child);
  const { below } = inFlightOf(counts.inFlight, child);
  const above = sumOf(counts.sums, id).visits + inFlightOf(counts.inFlight, id).below;
  return {
    to: child,
    value: visits > 0 ? sum / visits : 0,
    exploration: visits + below > 0 ? plainExploration(counts.c, above, visits + below) : FIRST,
    visits,
    inFlight: below,
  };
}

export function armSize(arm: Arm): number {
  return arm.value + arm.exploration;
}

/** N_x + f_x. */
function total(counts: Counts, id: ParentId): number {
  return statisticsOf(counts.statistics, id).visits + inFlightOf(counts.inFlight, id).below;
}

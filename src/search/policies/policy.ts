/** A policy says what to expand next. Budget, slots, steering and the end are the same for all and lie in `decide.ts`. */
import type { PolicyName } from '../../domain/search-config.js';
import type { Move } from '../move.js';
import type { SearchState } from '../state.js';

export interface SearchPolicy {
  readonly name: PolicyName;
  /** Pure. Nothing: there is nothing to expand now. A move may rest on any draws of the state's streams. */
  readonly choose: (state: SearchState) => Move | undefined;
}

/** Predictions as 16-bit steps: even ones between the least and the largest, or, for probabilities, even ones of their logarithm. */

const MOST = 65_535;
/** Probabilities below this are taken for it. */
const LEAST = 1e-15;

export interface Steps {
  readonly isLog: boolean;
  /** Value, or its logarithm, of step 0 and of step 65,535. */
  readonly low: number;
  readonly high: number;
  /** Predictions of one program. */
  readonly length: number;
  /** Program after program. */
  readonly steps: Uint16Array;
}

/** Programs without predictions become zeros; the others have the same length. */
export function stepsOf(programs: readonly (Float32Array | undefined)[], isLog: boolean): Steps {
  const scaled = (value: number) => (isLog ? Math.log(Math.max(value, LEAST)) : value);
  let [low, high, length] = [Infinity, -Infinity, 0];
  for (const values of programs) {
    for (const value of values ?? []) [low, high] = [Math.min(low, scaled(value)), Math.max(high, scaled(value))];
    length = Math.max(length, values?.length ?? 0);
  }
  const steps = new Uint16Array(programs.length * length);
  for (const [program, values] of programs.entries()) {
    for (const [row, value] of (values ?? []).entries()) {
      steps[program * length + row] = high > low ? Math.round((MOST * (scaled(value) - low)) / (high - low)) : 0;
    }
  }
  return { isLog, low, high, length, steps };
}

/** Predictions by the number of the program, kept once they are read; no more than half a step away from what they were. */
export function readerOf({ isLog, low, high, length, steps }: Steps): (program: number) => Float64Array {
  const kept = new Map<number, Float64Array>();
  return (program) => {
    const found = kept.get(program);
    if (found) return found;
    const values = Float64Array.from(steps.subarray(program * length, (program + 1) * length), (step) => {
      const value = low + ((high - low) * step) / MOST;
      return isLog ? Math.exp(value) : value;
    });
    kept.set(program, values);
    return values;
  };
}

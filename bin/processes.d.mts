export interface Ran {
  readonly code: number;
  readonly text: string;
}

export interface Processes {
  readonly interrupted: string | undefined;
  run(
    command: readonly string[],
    options: {
      readonly minutes: number;
      readonly environment?: NodeJS.ProcessEnv;
      readonly keep?: boolean;
      readonly silent?: boolean;
    },
  ): Promise<Ran>;
  close(minutes: number): Promise<number>;
}

export function createProcesses(options: {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly guard?: readonly string[];
}): Processes;

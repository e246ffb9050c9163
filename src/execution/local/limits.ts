/** What one program may use by default, from what this machine (or container) really has. */
import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { ExecutionLimits } from '../../domain/execution-spec.js';

const MIB = 1024 * 1024;
/** For the servers and the worker beside the programs. */
const RESERVED_MIB = 1536;
const SHARE = 0.8;
/** Below this importing the usual libraries fails. */
const LEAST_MIB = 512;

export interface DefaultLimits {
  readonly slots: number;
  readonly limits: Omit<ExecutionLimits, 'runSeconds'>;
}

/** `slots` as asked for, or what the cores and the memory suggest. Memory limits of all slots together fit the machine. */
export function defaultLimits(
  slots?: number,
  machine: { readonly cores: number; readonly memoryMiB: number } = thisMachine(),
): DefaultLimits {
  const forAll = Math.max(LEAST_MIB, Math.floor(machine.memoryMiB * SHARE) - RESERVED_MIB);
  const chosen = slots ?? Math.max(1, Math.min(slotsByCores(machine.cores), Math.floor(forAll / LEAST_MIB)));
  return {
    slots: chosen,
    limits: {
      cpus: Math.max(1, Math.floor(machine.cores / chosen)),
      memoryMiB: Math.max(LEAST_MIB, Math.floor(forAll / chosen)),
      diskMiB: 4096,
      shmMiB: 512,
      gpus: 0,
      pids: 256,
    },
  };
}

export function thisMachine(): { readonly cores: number; readonly memoryMiB: number } {
  return { cores: availableParallelism(), memoryMiB: availableMemoryMiB() };
}

/** Two cores run two programs of one thread each; beyond that one core is left to the servers. */
function slotsByCores(cores: number): number {
  return cores === 2 ? 2 : Math.max(1, cores - 1);
}

/** The smaller of the machine's memory and the limit of the container, in either version of control groups. */
function availableMemoryMiB(): number {
  const limits = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'].map(readLimit);
  const constrained = process.constrainedMemory();
  return Math.floor(Math.min(totalmem(), constrained > 0 ? constrained : Infinity, ...limits) / MIB);
}

function readLimit(path: string): number {
  try {
    const value = Number(readFileSync(path, 'utf8').trim());
    return Number.isFinite(value) && value > 0 ? value : Infinity;
  } catch {
    return Infinity;
  }
}

/** Runs programs on this machine, in bubblewrap where it can be had. Executions outlive this process. */
import { mkdir, readdir } from 'node:fs/promises';
import { ExecutionId } from '../../domain/ids.js';
import type { BlobAccess, Capabilities, Executor } from '../port.js';
import { executionsFolder, foldersOf, slotsFolder } from './folders.js';
import { gpuCount } from './gpus.js';
import { defaultLimits, thisMachine } from './limits.js';
import { levelNote, type ProbeReport, probeSandbox } from './probe.js';
import { forget, stop } from './stop.js';
import { ensureOwned, untilBegun, writeRequest } from './submit.js';
import { outcomeFrom, untilEnded } from './wait.js';

/** The largest file that is brought back. */
const OUTPUT_CAP_MIB = 64;

export interface LocalExecutorOptions {
  /** Folder of executions and capacity tokens; executors with the same one share both. */
  readonly root: string;
  /** Interpreter of the programs, absolute. */
  readonly python: string;
  readonly bwrap?: string;
  /** Folder that holds the Python package `automlgen_runtime`. */
  readonly runtimeFolder: string;
  readonly blobs: BlobAccess;
  /** Executions at the same time; absent: by cores and memory. */
  readonly slots?: number;
}

export function createLocalExecutor(options: LocalExecutorOptions): Executor {
  const { root, python, bwrap, runtimeFolder, blobs } = options;
  const place = { python, runtimeFolder };
  const slots = options.slots ?? defaultLimits().slots;
  const probed = once(async () => {
    await mkdir(root, { recursive: true });
    return probeSandbox({ python, runtimeFolder, root, ...(bwrap !== undefined && { bwrap }) });
  });

  return {
    name: 'local',
    async capabilities() {
      return capabilitiesOf(await probed(), slots);
    },
    async submit(spec, waiting) {
      const { level } = await probed();
      const folders = foldersOf(root, spec.id);
      const settings = { level, bwrap: bwrap ?? null, python, slots, slotsFolder: slotsFolder(root) };
      await writeRequest(folders, spec, blobs, { ...settings, outputCapMiB: OUTPUT_CAP_MIB });
      const handle = { id: spec.id, adopted: await ensureOwned(place, folders) };
      await untilBegun(place, folders, waiting);
      return handle;
    },
    async wait({ id }, waiting) {
      const folders = foldersOf(root, id);
      return outcomeFrom(folders, await untilEnded(place, folders, waiting), blobs);
    },
    cancel: (id, reason) => stop(place, foldersOf(root, id), reason),
    release: (id) => forget(place, foldersOf(root, id)),
    async sweep(isLive) {
      const removed: ExecutionId[] = [];
      const kept: ExecutionId[] = [];
      const failed: { readonly id: ExecutionId; readonly why: string }[] = [];
      for (const id of await recorded(root)) {
        if (await isLive(id)) {
          kept.push(id);
          continue;
        }
        try {
          await stop(place, foldersOf(root, id), 'nobody asks for it any more');
          await forget(place, foldersOf(root, id));
          removed.push(id);
        } catch (error) {
          failed.push({ id, why: error instanceof Error ? error.message : String(error) });
        }
      }
      return { removed, kept, failed };
    },
  };
}

function capabilitiesOf(report: ProbeReport, slots: number): Capabilities {
  const { cores, memoryMiB } = thisMachine();
  return {
    cpus: cores,
    memoryMiB,
    gpus: gpuCount(),
    slots,
    sandbox: report.level,
    network: report.network,
    memoryLimit: report.memory,
    processLimit: report.processes,
    diskLimit: 'polled',
    notes: [...levelNote(report.level), ...report.notes],
  };
}

async function recorded(root: string): Promise<readonly ExecutionId[]> {
  const names = await readdir(executionsFolder(root)).catch(() => []);
  return names.flatMap((name) => {
    const id = ExecutionId.safeParse(name);
    return id.success ? [id.data] : [];
  });
}

/** Asks once; a failure is forgotten, so that the next call asks again. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

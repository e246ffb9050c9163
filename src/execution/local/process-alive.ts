/** Whether a recorded process still runs: a pid alone is given out again, pid + start time + boot is not. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

export const ProcessIdentity = z.object({ pid: z.number().int(), startTicks: z.string(), bootId: z.string() });
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  if (identity.startTicks === '') return answersSignals(identity.pid);
  const [boot, stat] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readFile(`/proc/${identity.pid}/stat`, 'utf8').catch(() => ''),
  ]);
  if (boot.trim() !== identity.bootId || stat === '') return false;
  // Counted behind the name, which may hold spaces and brackets: state is field 3, the start field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] !== 'Z' && fields[19] === identity.startTicks;
}

/** On systems without /proc. */
function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Tells on stderr what the stack is doing; downloads repaint their line on a terminal and keep quiet elsewhere. */
import type { Report } from '../stack/progress.js';

/** `ready` lines of pieces that were there already are not news; only what takes time is shown. */
export function stackProgress(stream: NodeJS.WriteStream = process.stderr): Report {
  let open = false;
  const closeLine = (): void => {
    if (open) stream.write('\n');
    open = false;
  };
  return ({ piece, kind, message }) => {
    if (kind === 'ready') return;
    if (kind === 'advance') {
      if (!stream.isTTY) return;
      stream.write(`\r  ${piece.padEnd(10)} ${message}\u001b[K`);
      open = true;
      return;
    }
    closeLine();
    stream.write(`  ${piece.padEnd(10)} ${message}\n`);
  };
}

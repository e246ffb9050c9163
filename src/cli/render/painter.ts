/** Repaints a block of lines in place. */

export interface Painter {
  paint(lines: readonly string[]): void;
  /** Leaves the last picture where it is and shows the cursor again. */
  end(): void;
}

const ESCAPE = '\u001b[';

export function createPainter(stream: NodeJS.WritableStream): Painter {
  let painted = 0;
  return {
    paint(lines) {
      const up = painted > 0 ? `${ESCAPE}${painted}A\r` : `${ESCAPE}?25l`;
      const body = lines.map((line) => `${line}${ESCAPE}K\n`).join('');
      stream.write(`${up}${body}${ESCAPE}J`);
      painted = lines.length;
    },
    end() {
      if (painted > 0) stream.write(`${ESCAPE}?25h`);
      painted = 0;
    },
  };
}

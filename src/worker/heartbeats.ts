/** Beats for activities while they run, so that a killed worker is noticed within their heartbeat time-out. */
import type { Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** Well below every heartbeat time-out in `workflows/options.ts`. */
const EVERY_MS = 3000;

/** For workers whose activities do not beat themselves: `interceptors: { activity: [beatWhileRunning] }`. */
export const beatWhileRunning: ActivityInterceptorsFactory = (context: Context) => ({
  inbound: {
    async execute(input, next) {
      const beat = setInterval(() => context.heartbeat(), EVERY_MS);
      try {
        return await next(input);
      } finally {
        clearInterval(beat);
      }
    },
  },
});

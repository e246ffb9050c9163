/** Property tests draw the same cases each time, so that a change is to blame for what fails; the full suite draws new ones. */
import fc from 'fast-check';

const given = process.env.AUTOMLGEN_PROPERTY_SEED;
if (given !== undefined || process.env.AUTOMLGEN_FULL === undefined)
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(given ?? 20_260_101) });

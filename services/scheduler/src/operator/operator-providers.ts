import { Auditor } from './auditor.js';
import { Canceller } from './canceller.js';
import { CommandEffects } from './command-effects.js';
import { DeadLetters } from './dead-letters.js';
import { Drainer } from './drainer.js';
import { Explainer } from './explainer.js';
import { Holder } from './holder.js';
import { OncePerKey } from './once-per-key.js';
import { Pauser } from './pauser.js';
import { RecorderGuard } from './recorder-guard.js';
import { Redriver } from './redriver.js';
import { Replayer } from './replayer.js';

/** One class per operator verb, and what they share. */
export const OPERATOR_PROVIDERS = [
  Auditor,
  Canceller,
  CommandEffects,
  DeadLetters,
  Drainer,
  Explainer,
  Holder,
  OncePerKey,
  Pauser,
  RecorderGuard,
  Redriver,
  Replayer,
];

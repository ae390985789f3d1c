import { Auditor } from './auditor.js';
import { BatchCancellations } from './batch-cancellations.js';
import { Canceller } from './canceller.js';
import { BlockReporter } from './block-reporter.js';
import { CommandEffects } from './command-effects.js';
import { DeadLetters } from './dead-letters.js';
import { Drainer } from './drainer.js';
import { Explainer } from './explainer.js';
import { Holder } from './holder.js';
import { OncePerKey } from './once-per-key.js';
import { Pauser } from './pauser.js';
import { RecentActivity } from './recent-activity.js';
import { RecorderGuard } from './recorder-guard.js';
import { Redriver } from './redriver.js';
import { Replayer } from './replayer.js';
import { SystemReader, SystemReaderParts } from './system-reader.js';

/** One class per operator verb, and what they share. */
export const OPERATOR_PROVIDERS = [
  Auditor,
  BatchCancellations,
  BlockReporter,
  Canceller,
  CommandEffects,
  DeadLetters,
  Drainer,
  Explainer,
  Holder,
  OncePerKey,
  Pauser,
  RecentActivity,
  RecorderGuard,
  Redriver,
  Replayer,
  SystemReader,
  SystemReaderParts,
];

import type { Provider } from '@nestjs/common';
import {
  AdmissionRepository,
  AfterCommit,
  AuditRepository,
  CancelRepository,
  CommandKeysRepository,
  ExplainRepository,
  PauseRepository,
  ReplayRepository,
} from '#libs/database';
import type { NatsLink } from '#libs/messaging';
import { Admission } from '../admission/admission.js';
import { AppDurations } from '../admission/app-durations.js';
import { Leader } from '../leader.js';
import { LivePublisher } from '../live-publisher.js';
import { AppRegistry } from '../registry/app-registry.js';
import { Auditor } from './auditor.js';
import { Canceller } from './canceller.js';
import { CommandEffects } from './command-effects.js';
import { DeadLetters } from './dead-letters.js';
import { Explainer } from './explainer.js';
import { OncePerKey } from './once-per-key.js';
import { Pauser } from './pauser.js';
import { Redriver } from './redriver.js';
import { Replayer } from './replayer.js';

/** What answers operators. */
export const operatorProviders = (link: NatsLink): Provider[] => [
  {
    provide: CommandEffects,
    inject: [AppRegistry, Admission, LivePublisher, Leader, AfterCommit],
    useFactory: (
      registry: AppRegistry,
      admission: Admission,
      live: LivePublisher,
      leader: Leader,
      afterCommit: AfterCommit,
    ) => new CommandEffects(registry, admission, live, leader, afterCommit),
  },
  {
    provide: Replayer,
    inject: [ReplayRepository, CommandEffects],
    useFactory: (runs: ReplayRepository, effects: CommandEffects) => new Replayer(runs, effects),
  },
  {
    provide: Redriver,
    inject: [ReplayRepository, AppRegistry, CommandEffects],
    useFactory: (runs: ReplayRepository, { installation }: AppRegistry, effects: CommandEffects) =>
      new Redriver(new DeadLetters(link), runs, installation, effects),
  },
  {
    provide: Canceller,
    inject: [CancelRepository, CommandEffects],
    useFactory: (batches: CancelRepository, effects: CommandEffects) => new Canceller(batches, effects),
  },
  {
    provide: Pauser,
    inject: [PauseRepository, CommandEffects],
    useFactory: (pauses: PauseRepository, effects: CommandEffects) => new Pauser(pauses, effects),
  },
  {
    provide: OncePerKey,
    inject: [CommandKeysRepository],
    useFactory: (keys: CommandKeysRepository) => new OncePerKey(keys),
  },
  {
    provide: Explainer,
    inject: [ExplainRepository, AdmissionRepository, AppRegistry, AppDurations],
    useFactory: (
      facts: ExplainRepository,
      admission: AdmissionRepository,
      registry: AppRegistry,
      durations: AppDurations,
    ) => new Explainer(facts, admission, registry, durations, link),
  },
  {
    provide: Auditor,
    inject: [AuditRepository, CommandEffects],
    useFactory: (batches: AuditRepository, effects: CommandEffects) => new Auditor(batches, effects),
  },
];

import { type DynamicModule, Module } from '@nestjs/common';
import {
  AdmissionRepository,
  AppBreakersRepository,
  BatchOrdersRepository,
  BatchPacesRepository,
  BatchSummaries,
  CommandKeysRepository,
  DocumentsRepository,
  DocumentSweepRepository,
  ImportsRepository,
  RecorderRepository,
  RegistryRepository,
  RetentionRepository,
  RetentionSweepRepository,
  RunSweepRepository,
  ReuseRepository,
  StreamPositionsRepository,
  SweepRepository,
} from '#libs/database';
import type { NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import { Admission } from './admission/admission.js';
import { AppDurations } from './admission/app-durations.js';
import { RecorderLag } from './admission/recorder-lag.js';
import { AppBreakers } from './breaker/app-breakers.js';
import { Chores } from './chores.js';
import { DocumentKeeper } from './retention/document-keeper.js';
import { Leader } from './leader.js';
import { LivePublisher } from './live-publisher.js';
import { EventController } from './recorder/event.controller.js';
import { OperatorController } from './operator/operator.controller.js';
import { operatorProviders } from './operator/operator-providers.js';
import { Recorder } from './recorder/recorder.js';
import { AppRegistry, type BrokerSettings } from './registry/app-registry.js';
import { BatchMirror } from './registry/batch-mirror.js';
import { StreamPositions } from './registry/stream-positions.js';
import { ON_SCHEDULER_STEP, type OnSchedulerStep } from './scheduler-step.js';
import { Sweeper } from './sweeper/sweeper.js';

/** What the scheduler is given from outside: its connection, its log, and how the broker is to be set up. */
export interface SchedulerEdges {
  readonly link: NatsLink;
  readonly logger: Logger;
  readonly broker: BrokerSettings;
  readonly onStep?: OnSchedulerStep | undefined;
  readonly maxLag?: number | undefined;
}

/** The scheduler: recorder, admission, the mirror of the registry, and what operators ask for. */
@Module({ controllers: [EventController, OperatorController] })
export class SchedulerModule {
  static with(
    database: DynamicModule,
    { link, logger, broker, onStep = () => undefined, maxLag }: SchedulerEdges,
  ): DynamicModule {
    return {
      module: SchedulerModule,
      imports: [database],
      providers: [
        { provide: ON_SCHEDULER_STEP, useValue: onStep },
        AppDurations,
        ...operatorProviders(link),
        {
          provide: StreamPositions,
          inject: [StreamPositionsRepository],
          useFactory: (repository: StreamPositionsRepository) => new StreamPositions(repository, link),
        },
        {
          provide: AppRegistry,
          inject: [RegistryRepository, StreamPositions, BatchOrdersRepository],
          useFactory: async (
            repository: RegistryRepository,
            positions: StreamPositions,
            orders: BatchOrdersRepository,
          ) => {
            const installation = await repository.installation();
            return new AppRegistry(
              repository,
              positions,
              new BatchMirror(orders, installation),
              link,
              installation,
              broker,
            );
          },
        },
        {
          provide: LivePublisher,
          inject: [BatchSummaries],
          useFactory: (summaries: BatchSummaries) => new LivePublisher(summaries, link, logger, onStep),
        },
        {
          provide: Recorder,
          inject: [RecorderRepository, LivePublisher, AppRegistry, AppBreakers, AppDurations],
          useFactory: (
            repository: RecorderRepository,
            live: LivePublisher,
            { installation }: AppRegistry,
            breakers: AppBreakers,
            durations: AppDurations,
          ) =>
            new Recorder(repository, link, live, installation, logger, (events) => {
              breakers.observe(events, Date.now());
              durations.observe(events);
            }),
        },
        {
          provide: AppBreakers,
          inject: [AppBreakersRepository, AppRegistry, LivePublisher],
          useFactory: (repository: AppBreakersRepository, registry: AppRegistry, live: LivePublisher) =>
            new AppBreakers(repository, registry, live, logger),
        },
        {
          provide: Sweeper,
          inject: [SweepRepository, StreamPositions, LivePublisher, AppRegistry],
          useFactory: (
            stages: SweepRepository,
            positions: StreamPositions,
            live: LivePublisher,
            { installation }: AppRegistry,
          ) => new Sweeper({ stages, positions, link, live, log: logger, installation, ackWait: broker.ackWait }),
        },
        {
          provide: Admission,
          inject: [AdmissionRepository, ReuseRepository, DocumentsRepository, AppRegistry, AppDurations, LivePublisher],
          useFactory: (
            runs: AdmissionRepository,
            reuse: ReuseRepository,
            documents: DocumentsRepository,
            registry: AppRegistry,
            durations: AppDurations,
            live: LivePublisher,
          ) => {
            const lag = new RecorderLag(link, maxLag);
            return new Admission(runs, reuse, documents, registry, durations, link, live, lag, onStep);
          },
        },
        {
          provide: Chores,
          inject: [
            CommandKeysRepository,
            RetentionRepository,
            RetentionSweepRepository,
            RunSweepRepository,
            DocumentSweepRepository,
            LivePublisher,
            BatchPacesRepository,
            ImportsRepository,
          ],
          useFactory: (
            keys: CommandKeysRepository,
            retention: RetentionRepository,
            removals: RetentionSweepRepository,
            deleted: RunSweepRepository,
            strays: DocumentSweepRepository,
            live: LivePublisher,
            paces: BatchPacesRepository,
            imports: ImportsRepository,
          ) =>
            new Chores(
              keys,
              new DocumentKeeper({ retention, removals, deleted, strays }, live, logger),
              paces,
              imports,
            ),
        },
        {
          provide: Leader,
          inject: [AppRegistry, Admission, Recorder, LivePublisher, Sweeper, AppBreakers, Chores],
          useFactory: (
            registry: AppRegistry,
            admission: Admission,
            recorder: Recorder,
            live: LivePublisher,
            sweeper: Sweeper,
            breakers: AppBreakers,
            chores: Chores,
          ) =>
            new Leader(
              registry,
              admission,
              recorder,
              live,
              { sweeper, breakers, ackWait: broker.ackWait },
              chores,
              link,
              logger,
            ),
        },
      ],
    };
  }
}

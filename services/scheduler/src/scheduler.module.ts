import { type DynamicModule, Module } from '@nestjs/common';
import { RegistryRepository } from '#libs/database';
import { BucketContent, NatsLink, RecorderPosition } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import { Admission } from './admission/admission.js';
import { AppCapacity, AppCapacityParts } from './admission/app-capacity.js';
import { AppDurations } from './admission/app-durations.js';
import { BatchAdmission } from './admission/batch-admission.js';
import { RecorderLag } from './admission/recorder-lag.js';
import { StagePublisher } from './admission/stage-publisher.js';
import { AppBreakers } from './breaker/app-breakers.js';
import { BatchHolds } from './breaker/batch-holds.js';
import { Breaker } from './breaker/breaker.js';
import { Breakers } from './breaker/breakers.js';
import { EventController } from './event.controller.js';
import { Housekeeping } from './housekeeping.js';
import { Leader, LeaderParts } from './leader.js';
import { LivePublisher } from './live-publisher.js';
import { CommandController } from './operator/command.controller.js';
import { OPERATOR_PROVIDERS } from './operator/operator-providers.js';
import { MaintenanceController } from './operator/maintenance.controller.js';
import { DeferredRecorder, DeferredRecorderParts } from './recorder/deferred-recorder.js';
import { EventParking } from './recorder/event-parking.js';
import { EventReader } from './recorder/event-reader.js';
import { LogCursor } from './recorder/log-cursor.js';
import { Recorder, RecorderParts } from './recorder/recorder.js';
import { RecorderProgress } from './recorder/recorder-progress.js';
import { RecorderStartController } from './recorder/recorder-start.controller.js';
import { StoredProgress } from './progress/stored-progress.js';
import { AppRegistry, AppRegistryParts } from './registry/app-registry.js';
import { BatchMirror } from './registry/batch-mirror.js';
import { StreamPositions } from './registry/stream-positions.js';
import { BucketKeeper } from './retention/bucket-keeper.js';
import { DocumentKeeper, DocumentStores } from './retention/document-keeper.js';
import { LOGGER, MAX_LAG, PERIODS, type Periods, RUNS_PER_SLICE, SchedulerSettings } from './scheduler-settings.js';
import { ON_SCHEDULER_STEP, type OnSchedulerStep } from './scheduler-step.js';
import { ServerClock } from './server-clock.js';
import { Sweeper, SweeperParts } from './sweeper/sweeper.js';
import { WorkerWatch } from './sweeper/worker-watch.js';

/** What comes from outside; see `SchedulerSettings` for the numbers. */
export interface SchedulerEdges {
  readonly link: NatsLink;
  readonly position: RecorderPosition;
  readonly logger: Logger;
  readonly ackWait: number;
  readonly replicas: number;
  readonly storeBytes?: number | undefined;
  readonly maxLag?: number | undefined;
  readonly periods?: Partial<Periods> | undefined;
  readonly runsPerSlice?: number | undefined;
  readonly onStep?: OnSchedulerStep | undefined;
}

@Module({
  controllers: [EventController, RecorderStartController, CommandController, MaintenanceController],
  providers: [
    Leader,
    LeaderParts,
    AppRegistry,
    AppRegistryParts,
    BatchMirror,
    StreamPositions,
    Admission,
    AppCapacity,
    AppCapacityParts,
    AppDurations,
    BatchAdmission,
    RecorderLag,
    StagePublisher,
    Recorder,
    RecorderParts,
    DeferredRecorder,
    DeferredRecorderParts,
    EventParking,
    LogCursor,
    EventReader,
    RecorderProgress,
    LivePublisher,
    StoredProgress,
    ServerClock,
    Sweeper,
    SweeperParts,
    WorkerWatch,
    Breaker,
    Breakers,
    AppBreakers,
    BatchHolds,
    Housekeeping,
    BucketKeeper,
    DocumentKeeper,
    DocumentStores,
    ...OPERATOR_PROVIDERS,
  ],
})
export class SchedulerModule {
  static with(
    database: DynamicModule,
    {
      link,
      position,
      logger,
      ackWait,
      replicas,
      storeBytes,
      maxLag = MAX_LAG,
      periods,
      runsPerSlice = RUNS_PER_SLICE,
      onStep = () => undefined,
    }: SchedulerEdges,
  ): DynamicModule {
    return {
      module: SchedulerModule,
      imports: [database],
      providers: [
        { provide: NatsLink, useValue: link },
        { provide: BucketContent, useValue: new BucketContent(link) },
        { provide: RecorderPosition, useValue: position },
        { provide: LOGGER, useValue: logger },
        { provide: ON_SCHEDULER_STEP, useValue: onStep },
        {
          provide: SchedulerSettings,
          inject: [RegistryRepository],
          useFactory: async (registry: RegistryRepository): Promise<SchedulerSettings> => ({
            installation: await registry.installation(),
            ackWait,
            replicas,
            storeBytes,
            maxLag,
            periods: { ...PERIODS, ...periods },
            runsPerSlice,
          }),
        },
      ],
    };
  }
}

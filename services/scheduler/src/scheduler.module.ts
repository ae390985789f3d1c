import { type DynamicModule, Module } from '@nestjs/common';
import {
  AdmissionRepository,
  BatchSummaries,
  DocumentsRepository,
  RecorderRepository,
  RegistryRepository,
} from '#libs/database';
import type { NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import { Admission } from './admission/admission.js';
import { Leader } from './leader.js';
import { LivePublisher } from './live-publisher.js';
import { EventController } from './recorder/event.controller.js';
import { Recorder } from './recorder/recorder.js';
import { AppRegistry } from './registry/app-registry.js';

/** What the scheduler is given from outside: its connection, its log, and the ack wait in seconds. */
export interface SchedulerEdges {
  readonly link: NatsLink;
  readonly logger: Logger;
  readonly ackWait: number;
}

/** The scheduler: recorder, admission and the mirror of the registry. */
@Module({ controllers: [EventController] })
export class SchedulerModule {
  static with(database: DynamicModule, { link, logger, ackWait }: SchedulerEdges): DynamicModule {
    return {
      module: SchedulerModule,
      imports: [database],
      providers: [
        {
          provide: AppRegistry,
          inject: [RegistryRepository],
          useFactory: async (repository: RegistryRepository) =>
            new AppRegistry(repository, link, await repository.installation(), ackWait),
        },
        {
          provide: LivePublisher,
          inject: [BatchSummaries],
          useFactory: (summaries: BatchSummaries) => new LivePublisher(summaries, link, logger),
        },
        {
          provide: Recorder,
          inject: [RecorderRepository, LivePublisher, AppRegistry],
          useFactory: (repository: RecorderRepository, live: LivePublisher, { installation }: AppRegistry) =>
            new Recorder(repository, link, live, installation, logger),
        },
        {
          provide: Admission,
          inject: [AdmissionRepository, DocumentsRepository, AppRegistry, LivePublisher],
          useFactory: (
            runs: AdmissionRepository,
            documents: DocumentsRepository,
            registry: AppRegistry,
            live: LivePublisher,
          ) => new Admission(runs, documents, registry, link, live),
        },
        {
          provide: Leader,
          inject: [AppRegistry, Admission, Recorder, LivePublisher],
          useFactory: (registry: AppRegistry, admission: Admission, recorder: Recorder, live: LivePublisher) =>
            new Leader(registry, admission, recorder, live, link, logger),
        },
      ],
    };
  }
}

import { Injectable } from '@nestjs/common';
import { AfterCommit, type BatchChange } from '#libs/database';
import { Admission } from '../admission/admission.js';
import { Leader } from '../leader.js';
import { LivePublisher } from '../live-publisher.js';
import { AppRegistry } from '../registry/app-registry.js';

/** What follows a committed command: clients and workers are informed, and runs may be admitted. */
@Injectable()
export class CommandEffects {
  constructor(
    private readonly registry: AppRegistry,
    private readonly admission: Admission,
    private readonly live: LivePublisher,
    private readonly leader: Leader,
    private readonly afterCommit: AfterCommit,
  ) {}

  /** Waits for the commit of the surrounding transaction. The leader's next tick repeats what fails. */
  async follow(changes: readonly BatchChange[]): Promise<void> {
    await this.afterCommit.do(async () => {
      for (const change of changes) this.live.add(change);
      await this.leader.attempt('provisioning', () => this.registry.provisionNew());
      void this.leader.attempt('admission', () => this.admission.admit());
    });
  }

  /** Does work after that commit; the leader's next tick repeats it when it fails. */
  async attempt(what: string, work: () => Promise<void>): Promise<void> {
    await this.afterCommit.do(() => this.leader.attempt(what, work));
  }
}

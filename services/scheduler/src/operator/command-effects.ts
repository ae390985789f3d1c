import type { AfterCommit, BatchChange } from '#libs/database';
import type { Admission } from '../admission/admission.js';
import type { Leader } from '../leader.js';
import type { LivePublisher } from '../live-publisher.js';
import type { AppRegistry } from '../registry/app-registry.js';

/** What follows a committed command: clients and workers hear of it, and runs may enter. What fails is repeated. */
export class CommandEffects {
  constructor(
    private readonly registry: AppRegistry,
    private readonly admission: Admission,
    private readonly live: LivePublisher,
    private readonly leader: Leader,
    private readonly afterCommit: AfterCommit,
  ) {}

  async follow(changes: readonly BatchChange[]): Promise<void> {
    await this.afterCommit.do(async () => {
      for (const change of changes) this.live.add(change);
      await this.leader.attempt('provisioning', () => this.registry.provisionNew());
      void this.leader.attempt('admission', () => this.admission.admit());
    });
  }
}

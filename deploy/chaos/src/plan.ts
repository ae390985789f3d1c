import { SeededRandom } from './seeded-random.js';

/** Kinds of processes that are killed. */
export const KILLED = ['worker', 'scheduler', 'notifier', 'gateway', 'nats-server', 'postgres'] as const;
export type ProcessKind = (typeof KILLED)[number];

/** One thing that goes wrong. `choice` in [0, 1) chooses among what is there at that moment. */
export type Disturbance =
  | { readonly kind: 'kill'; readonly process: ProcessKind; readonly choice: number }
  /** SIGSTOP, and SIGCONT after so many seconds. */
  | {
      readonly kind: 'freeze';
      readonly process: 'worker' | 'leader';
      readonly choice: number;
      readonly seconds: number;
    }
  | { readonly kind: 'delete-consumer'; readonly choice: number }
  | { readonly kind: 'delete-stream'; readonly stream: 'STAGES' | 'EVENTS' }
  /** A stage message published again as it is, without its headers, as `nats pub` does. */
  | { readonly kind: 'replay'; readonly choice: number };

/** A disturbance, and when it comes. */
export interface Planned {
  /** Share of the stages that have to be settled before. */
  readonly at: number;
  /** Milliseconds that pass then, so that it does not always follow a settlement. */
  readonly delayMs: number;
  readonly disturbance: Disturbance;
}

export interface PlanOptions {
  readonly kills: number;
  /** 0: nothing is frozen. */
  readonly freezeSeconds: number;
  /** Whether consumers and streams are deleted. */
  readonly deletions: boolean;
}

const FIRST = 0.03;
const LAST = 0.92;
const LONGEST_DELAY_MS = 400;
const REPLAYS = 6;
const DELETED_CONSUMERS = 2;

/** What goes wrong, in order: the same for the same seed. Every kind of process is killed before one is killed twice. */
export function planDisturbances(seed: number, { kills, freezeSeconds, deletions }: PlanOptions): Planned[] {
  const random = new SeededRandom(seed);
  const planned = (disturbance: Disturbance, from = FIRST, to = LAST): Planned => ({
    at: from + random.next() * (to - from),
    delayMs: random.between(0, LONGEST_DELAY_MS),
    disturbance,
  });
  const choice = () => random.next();
  const killed = Array.from({ length: kills }, (_, nth) => (nth < KILLED.length ? KILLED[nth]! : random.pick(KILLED)));
  const plan = [
    ...killed.map((process) => planned({ kind: 'kill', process, choice: choice() })),
    ...Array.from({ length: REPLAYS }, () => planned({ kind: 'replay', choice: choice() }, 0.1)),
  ];
  if (freezeSeconds > 0) {
    const freeze = { kind: 'freeze', seconds: freezeSeconds } as const;
    plan.push(planned({ ...freeze, process: 'worker', choice: choice() }, FIRST, 0.4));
    plan.push(planned({ ...freeze, process: 'leader', choice: choice() }, FIRST, 0.6));
  }
  if (deletions) {
    for (let left = DELETED_CONSUMERS; left > 0; left -= 1) {
      plan.push(planned({ kind: 'delete-consumer', choice: choice() }));
    }
    plan.push(planned({ kind: 'delete-stream', stream: 'STAGES' }, 0.3, 0.5));
    plan.push(planned({ kind: 'delete-stream', stream: 'EVENTS' }, 0.6, 0.8));
  }
  return plan.sort((left, right) => left.at - right.at);
}

/** What a disturbance does, for the log. */
export function describeDisturbance(disturbance: Disturbance): string {
  switch (disturbance.kind) {
    case 'kill':
      return `kill -9 of ${disturbance.process}`;
    case 'freeze':
      return `${disturbance.process} stands still for ${disturbance.seconds} s`;
    case 'delete-consumer':
      return "an app's consumer is deleted";
    case 'delete-stream':
      return `${disturbance.stream} is deleted`;
    case 'replay':
      return 'a stage message is published again';
  }
}

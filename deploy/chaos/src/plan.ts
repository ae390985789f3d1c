import { SeededRandom } from './seeded-random.js';

/** Kinds of processes to kill. */
export const KILLED = ['worker', 'scheduler', 'notifier', 'gateway', 'nats-server', 'postgres'] as const;
export type ProcessKind = (typeof KILLED)[number];

/** One fault. `choice` in [0, 1) selects among the candidates at that time. */
export type Disturbance =
  | { readonly kind: 'kill'; readonly process: ProcessKind; readonly choice: number }
  /** SIGSTOP, then SIGCONT after `seconds`. */
  | {
      readonly kind: 'freeze';
      readonly process: 'worker' | 'leader';
      readonly choice: number;
      readonly seconds: number;
    }
  | { readonly kind: 'delete-consumer'; readonly choice: number }
  | { readonly kind: 'delete-stream'; readonly stream: 'STAGES' | 'EVENTS' }
  /** A stage message is republished unchanged but without headers, as with `nats pub`. */
  | { readonly kind: 'replay'; readonly choice: number };

/** A disturbance and its time. */
export interface Planned {
  /** Share of the stages that are settled before. */
  readonly at: number;
  /** Additional delay, so that it does not always follow a settlement. */
  readonly delayMs: number;
  readonly disturbance: Disturbance;
}

export interface PlanOptions {
  readonly kills: number;
  /** 0: suspend nothing. */
  readonly freezeSeconds: number;
  /** Whether to delete consumers and streams. */
  readonly deletions: boolean;
}

const FIRST = 0.03;
const LAST = 0.92;
const LONGEST_DELAY_MS = 400;
const REPLAYS = 6;
const DELETED_CONSUMERS = 2;

/** The disturbances of a seed in time order. Every kind of process is killed before a second kill of one kind. */
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

/** A description for the log. */
export function describeDisturbance(disturbance: Disturbance): string {
  switch (disturbance.kind) {
    case 'kill':
      return `kill -9 of ${disturbance.process}`;
    case 'freeze':
      return `SIGSTOP of ${disturbance.process} for ${disturbance.seconds} s`;
    case 'delete-consumer':
      return 'deletion of an app consumer';
    case 'delete-stream':
      return `deletion of ${disturbance.stream}`;
    case 'replay':
      return 'replay of a stage message';
  }
}

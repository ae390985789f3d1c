const SECOND = 1000;

/** How long Postgres lets a connection wait or idle before it ends the statement or the session; in milliseconds. */
export interface ConnectionLimits {
  readonly lockTimeout: number;
  readonly statementTimeout: number;
  readonly idleInTransactionTimeout: number;
  /** Settings of the planner, as options of the server's command line. */
  readonly plannerOptions?: string;
}

/**
 * The recorder and admission read and write rows by key. Without these options, Postgres reads whole tables of up to
 * about 50,000 rows for a commit of 200 events, because it assumes a disk on which single pages are expensive.
 */
const BY_KEY = '-c enable_seqscan=off -c random_page_cost=1.1';

/** The scheduler's: nothing that it waits for may stop all recording and admission, and a frozen leader holds no lock. */
export const LEADER_LIMITS: ConnectionLimits = {
  lockTimeout: 5 * SECOND,
  statementTimeout: 10 * SECOND,
  idleInTransactionTimeout: 10 * SECOND,
  plannerOptions: BY_KEY,
};

/** The gateway's: a batch of 1,000,000 files takes a minute, and an export reads in one transaction. */
export const GATEWAY_LIMITS: ConnectionLimits = {
  lockTimeout: 10 * SECOND,
  statementTimeout: 120 * SECOND,
  idleInTransactionTimeout: 60 * SECOND,
};

/** As parameters of the driver, which sends them when it connects. */
export const limitParameters = ({
  lockTimeout,
  statementTimeout,
  idleInTransactionTimeout,
  plannerOptions,
}: ConnectionLimits) => ({
  lock_timeout: lockTimeout,
  statement_timeout: statementTimeout,
  idle_in_transaction_session_timeout: idleInTransactionTimeout,
  ...(plannerOptions === undefined ? {} : { options: plannerOptions }),
});

/** Statement for a command on very many rows, whose transaction may take longer than the limits of its connection. */
export const ALLOW_LONG_STATEMENTS = `set local statement_timeout = ${GATEWAY_LIMITS.statementTimeout}`;

import type pg from 'pg';
import type { StageEvent } from '#libs/contracts';

/** A settled stage with its output. */
export interface StageOutput {
  readonly event: StageEvent;
  readonly document: Uint8Array;
}

/** Writes the outputs of stages to the archive of documents. */
export async function archiveDocuments(client: pg.Client, outputs: readonly StageOutput[]): Promise<void> {
  await client.query(
    `insert into documents (sha256, bytes, encoding, content, stored_bytes)
     select sha256, bytes, 'identity', content, octet_length(content)
     from unnest($1::text[], $2::bigint[], $3::bytea[]) as d(sha256, bytes, content) on conflict do nothing`,
    [
      outputs.map(({ event }) => event.document!.sha256),
      outputs.map(({ event }) => event.document!.bytes),
      outputs.map(({ document }) => Buffer.from(document)),
    ],
  );
}

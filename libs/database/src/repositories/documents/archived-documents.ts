import type { EntityManager } from 'typeorm';
import type { ArchivedDocument } from '../state/stage-change.js';

/** All contents of a statement are one parameter, which Postgres limits to 1 GiB. */
const BYTES_AT_ONCE = 64 * 1024 * 1024;

/** Archives documents, each once. */
export async function archive(manager: EntityManager, documents: readonly ArchivedDocument[]): Promise<void> {
  for (const some of bounded([...new Map(documents.map((document) => [document.sha256, document])).values()])) {
    await insert(manager, some);
  }
}

/**
 * All contents are one binary parameter that is split by offsets. An array would be encoded as hexadecimal text here
 * and decoded again by Postgres.
 */
async function insert(manager: EntityManager, documents: readonly ArchivedDocument[]): Promise<void> {
  let end = 1;
  const begins = documents.map(({ content }) => {
    const begin = end;
    end += content.byteLength;
    return begin;
  });
  await manager.query(
    `insert into documents (sha256, bytes, encoding, content, stored_bytes)
     select sha256, bytes, encoding, substring($1::bytea from first for length), length
     from unnest($2::text[], $3::bigint[], $4::text[], $5::int[], $6::int[])
       given(sha256, bytes, encoding, first, length)
     -- Locks an existing document, so that no sweep removes it before it is referred to.
     on conflict (sha256) do update set created_at = excluded.created_at`,
    [
      Buffer.concat(documents.map(({ content }) => content)),
      documents.map(({ sha256 }) => sha256),
      documents.map(({ bytes }) => bytes),
      documents.map(({ encoding }) => encoding),
      begins,
      documents.map(({ content }) => content.byteLength),
    ],
  );
}

/** Splits documents into parts that fit one statement; a larger document is a part of its own. */
function* bounded(documents: readonly ArchivedDocument[]): Generator<readonly ArchivedDocument[]> {
  let part: ArchivedDocument[] = [];
  let bytes = 0;
  for (const document of documents) {
    bytes += document.content.byteLength;
    if (part.length > 0 && bytes > BYTES_AT_ONCE) {
      yield part;
      part = [];
      bytes = document.content.byteLength;
    }
    part.push(document);
  }
  if (part.length > 0) yield part;
}

import pg from 'pg';

/** Runs statements on a new connection. */
export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Writes media file rows as a registration does, without files on disk; returns their GUIDs. */
export function addMediaFiles(databaseUrl: string, prefix: string, count: number): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    await client.query(
      `with added as (
         insert into media_files (guid, title, path, kind)
         select $1 || n, 'Item ' || n, '/media/' || $1 || n || '.mp4', 'video' from generate_series(1, $2::int) n
         returning id
       ) insert into untouched_files (media_file_id) select id from added`,
      [prefix, count],
    );
    await client.query('analyze media_files');
    return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
  });
}

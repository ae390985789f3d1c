import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Used one-time sign-in codes; only their hashes are stored. */
@Injectable()
export class SignInRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** True for the first use of a code, false afterwards. */
  async useOnce(code: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      'insert into used_sign_in_codes (code_hash) values ($1) on conflict do nothing returning code_hash',
      [createHash('sha256').update(code).digest('hex')],
    );
    return rows.length > 0;
  }
}
